// What a form of a record sends: only what differs from what it was opened on, and the heads of that moment.
import type { ScalarJson } from '@/ipc/generated/types'

export type Fields = Record<string, ScalarJson>

/** Plain JSON, so that it can be a draft: a restored form keeps the heads it was once opened on. */
export interface RecordForm {
  heads: string[]
  before: Fields
  /** Masked fields are absent until they are typed anew. */
  values: Fields
}

export function openForm(heads: string[], before: Fields): RecordForm {
  return { heads, before, values: { ...before } }
}

/** Nothing written, whichever way. */
export function blank(value: ScalarJson | undefined): ScalarJson {
  if (value === undefined || value === null) return null
  if (typeof value !== 'string') return value
  return value.trim() === '' ? null : value.trim()
}

/**
 * The fields to send. `hidden` are masked keys that hold a value nobody sees here: typed anew they are always sent,
 * emptied they are cleared.
 */
export function changed(form: RecordForm, hidden: readonly string[] = []): Fields {
  const sent: Fields = {}
  for (const [key, typed] of Object.entries(form.values)) {
    const value = blank(typed)
    if (hidden.includes(key)) sent[key] = value
    else if (value !== blank(form.before[key])) sent[key] = value
  }
  return sent
}

/** Only the fields that hold something: for a new record. */
export function filled(values: Fields): Fields {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, typed]) => {
      const value = blank(typed)
      return value === null ? [] : [[key, value]]
    }),
  )
}

/** What changes in a collection of names: `officers/<id>/name`, removed ones marked. */
export function itemChanges(
  collection: string,
  before: readonly string[],
  now: readonly string[],
  nameOf: (id: string) => string,
): Fields {
  const sent: Fields = {}
  for (const id of now) {
    if (before.includes(id)) continue
    sent[`${collection}/${id}/name`] = nameOf(id)
    sent[`${collection}/${id}/_gone`] = false
  }
  for (const id of before) if (!now.includes(id)) sent[`${collection}/${id}/_gone`] = true
  return sent
}
