// Why a row is not taken, in words. The codes are those of `domain::register` and of the import.
import { has, locale, t } from '@/i18n'
import type { RowProblemView } from '@/ipc/generated/types'

/** What is wrong, without the particulars: for the filter. */
export function problemName(code: string): string {
  const key = `people.import.problem.${code}`
  return has(key) ? t(key) : code
}

/** What is wrong with this row, with what was found there. */
export function problemText(problem: RowProblemView): string {
  const key = `people.import.said.${problem.code}`
  return has(key) ? t(key, words(problem.args)) : problemName(problem.code)
}

export function columnName(column: string | null): string {
  if (column === null) return ''
  const key = `people.import.column.${column}`
  return has(key) ? t(key) : column
}

/** How often each problem occurs, the most frequent first. */
export function byFrequency(counts: { [code in string]: number | undefined }): { code: string; n: number }[] {
  return Object.entries(counts)
    .map(([code, n]) => ({ code, n: n ?? 0 }))
    .sort((a, b) => b.n - a.n || a.code.localeCompare(b.code, locale()))
}

function words(args: { [name in string]: string | undefined }): Record<string, string> {
  const said: Record<string, string> = {}
  for (const [name, value] of Object.entries(args)) said[name] = value ?? ''
  for (const name of ['written', 'by_id']) {
    const sex = said[name] === '1' || said[name] === '2' ? `people.sex.${said[name]}` : null
    if (sex !== null && has(sex)) said[name] = t(sex)
  }
  const doubt = said.warning === undefined ? null : `people.import.doubt.${said.warning}`
  if (doubt !== null && has(doubt)) said.warning = t(doubt)
  return said
}
