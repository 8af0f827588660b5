// What a form sends: only the fields that differ from what it was opened on. Items of collections are `crew/<id>/name`.
import type { ScalarJson } from '@/ipc/generated/types'

export type Fields = Record<string, ScalarJson>

/** Nothing written, whichever way; text without the blanks around it. */
export function bare(value: ScalarJson | undefined): ScalarJson {
  if (value === undefined || value === null) return null
  if (typeof value !== 'string') return value
  return value.trim() === '' ? null : value.trim()
}

/** The fields to send. A box that was never ticked is no change. */
export function changedFields(before: Fields, now: Fields): Fields {
  const sent: Fields = {}
  for (const [key, typed] of Object.entries(now)) {
    const value = bare(typed)
    const old = bare(before[key])
    if (value !== old && !(value === false && old === null)) sent[key] = value
  }
  return sent
}

/** The items of a collection that still stand, in the order they were written. */
export function itemsOf(fields: Fields, collection: string): string[] {
  const items = new Set<string>()
  for (const [key, value] of Object.entries(fields)) {
    const [head, item, field] = key.split('/')
    if (head === collection && item !== undefined && field !== undefined && value !== null) items.add(item)
  }
  return [...items].filter((item) => fields[`${collection}/${item}/_gone`] !== true)
}

/** Without an item: one that was never saved leaves no trace, a saved one is marked. */
export function withoutItem(fields: Fields, before: Fields, collection: string, item: string): Fields {
  const prefix = `${collection}/${item}/`
  if (Object.keys(before).some((key) => key.startsWith(prefix))) return { ...fields, [`${prefix}_gone`]: true }
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !key.startsWith(prefix)))
}

/** Text of a field, empty when nothing is written. */
export function textOf(fields: Fields, key: string): string {
  const value = fields[key]
  return value === undefined || value === null ? '' : String(value)
}
