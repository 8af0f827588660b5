// Code tables: what may be chosen and how a code reads in the language shown. Loaded once, kept until they change.
import { computed } from 'vue'
import { locale } from '@/i18n'
import { useRead } from '@/ipc/query'

export interface Code {
  code: string
  /** In the language shown. */
  label: string
  parent: string | null
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** `const codes = useCodes(); codes.label('sex', '1')`, `codes.of('patrol_mode')`. */
export function useCodes() {
  const { data } = useRead('code_tables', {})

  const tables = computed(() => {
    const shown = locale()
    const all = new Map<string, Map<string, Code>>()
    for (const table of data.value?.tables ?? []) {
      const codes = table.rows.map((row): [string, Code] => [
        row.code,
        { code: row.code, label: shown === 'en' ? capital(row.en) || row.zh : row.zh, parent: row.parent },
      ])
      all.set(table.name, new Map(codes))
    }
    return all
  })

  /** The codes of a table, in its order. */
  function of(table: string): Code[] {
    return [...(tables.value.get(table)?.values() ?? [])]
  }
  /** How a code reads; the code itself when the table does not know it. */
  function label(table: string, code: string | null | undefined): string {
    if (code === null || code === undefined || code === '') return ''
    return tables.value.get(table)?.get(code)?.label ?? code
  }
  return { of, label }
}
