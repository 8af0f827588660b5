// Writing again what the station set aside: the values of the refused changes, taken from the record's history, are put into
// the form they belong to (`?again=<record>` in its address). Covered values and fields a command sets itself stay out.
import { onMounted } from 'vue'
import { useRoute } from 'vue-router'
import { call } from '@/ipc/client'
import type { HistoryRow } from '@/ipc/generated/types'
import type { Fields } from './changes'
import { fieldOf } from './labels'

/** Set by steps, by numbering or by moving, never typed into a form. */
const NOT_TYPED = ['state', 'number', 'head_name']

/** What refused changes said, the newest word on each field. Rows come newest first. */
export function refusedFields(rows: readonly HistoryRow[], kind: string): Fields {
  const fields: Fields = {}
  for (const row of [...rows].reverse()) {
    if (row.state !== 'set_aside') continue
    for (const { key, value } of row.sets) {
      const field = fieldOf(key, kind)
      if (field !== null && !field.masked && !NOT_TYPED.includes(key)) fields[key] = value
    }
  }
  return fields
}

/** Puts them into a form once its draft is in it. */
export function useAgain(kind: string, ready: Promise<void>, put: (fields: Fields) => void): void {
  const route = useRoute()
  onMounted(async () => {
    const document = route?.query.again
    if (typeof document !== 'string') return
    await ready
    const rows = await call('history', { document }).catch(() => [])
    put(refusedFields(rows, kind))
  })
}
