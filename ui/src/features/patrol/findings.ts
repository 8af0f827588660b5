// What was found on a patrol: rows of a table, and what the form says of them.
import { bare, itemsOf, type Fields } from '@/shared/changes'

export interface FindingSums {
  all: number
  hazards: number
}

export function sumsOf(values: Fields): FindingSums {
  const items = itemsOf(values, 'findings').filter((item) => bare(values[`findings/${item}/what`]) !== null)
  return { all: items.length, hazards: items.filter((item) => values[`findings/${item}/hazard`] === true).length }
}

/** Rows begun and left empty are not sent. */
export function withoutEmpty(values: Fields): Fields {
  const empty = (item: string) => ['what', 'place'].every((field) => bare(values[`findings/${item}/${field}`]) === null)
  return Object.fromEntries(
    Object.entries(values).filter(([key]) => {
      const [head, item, field] = key.split('/')
      return head !== 'findings' || field === '_gone' || !empty(item ?? '')
    }),
  )
}

/** Minutes between two instants of the form; null while they make no span. */
export function minutesOf(start: number | null, end: number | null): number | null {
  return start !== null && end !== null && end > start ? Math.round((end - start) / 60_000) : null
}
