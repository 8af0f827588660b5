// Parties in a form: each item of the collection is a row.
import { bare, type Fields } from '@/shared/changes'

export const freshItem = () => crypto.randomUUID()

/** Rows a new case starts with: who asks and who is asked. */
export function firstParties(): Fields {
  return {
    [`parties/${freshItem()}/role`]: 'applicant',
    [`parties/${freshItem()}/role`]: 'respondent',
  }
}

/** Rows without a name were begun and left: they are not sent. */
export function withoutNameless(values: Fields): Fields {
  const nameless = (key: string) => {
    const [head, item] = key.split('/')
    return (
      head === 'parties' &&
      bare(values[`parties/${item}/name`]) === null &&
      bare(values[`parties/${item}/resident`]) === null
    )
  }
  return Object.fromEntries(Object.entries(values).filter(([key]) => key.endsWith('/_gone') || !nameless(key)))
}

export function namedParties(values: Fields): number {
  return new Set(
    Object.keys(withoutNameless(values))
      .filter((key) => key.startsWith('parties/') && !key.endsWith('/_gone'))
      .map((key) => key.split('/')[1]),
  ).size
}
