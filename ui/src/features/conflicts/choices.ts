// What was chosen for each field of a card, and the request it becomes. Plain, so that a table of cases tests it.
import type { ConflictCard, ConflictField, Decision, ScalarJson } from '@/ipc/generated/types'

export interface Choice {
  /** Change of the side taken. */
  take: string | null
  /** Own words are being written. */
  own: boolean
  words: string
}

export type Choices = Record<string, Choice>

export const unsettled: Choice = { take: null, own: false, words: '' }

export function choiceOf(choices: Choices, key: string): Choice {
  return choices[key] ?? unsettled
}

export function settled(choice: Choice): boolean {
  return choice.take !== null || (choice.own && choice.words.trim() !== '')
}

/** The side after or before the one taken; own words come after the last side. */
export function stepped(field: ConflictField, choice: Choice, by: 1 | -1): Choice {
  const places = [...field.sides.map((side) => side.change), null]
  const at = choice.own
    ? places.length - 1
    : choice.take === null
      ? by === 1
        ? -1
        : places.length - 1
      : places.indexOf(choice.take)
  const next = Math.min(places.length - 1, Math.max(0, at + by))
  const take = places[next] ?? null
  return { ...choice, take, own: take === null }
}

/** A number typed for a numeric field is a number. */
function asScalar(field: ConflictField, words: string): ScalarJson {
  const text = words.trim()
  const numeric = field.sides.some((side) => typeof side.value === 'number')
  return numeric && /^-?\d+$/.test(text) ? Number(text) : text
}

export function decisions(card: ConflictCard, choices: Choices): Decision[] {
  return card.fields.flatMap((field): Decision[] => {
    const choice = choiceOf(choices, field.key)
    if (!settled(choice)) return []
    const named = field.sides.map((side) => side.change)
    return choice.own
      ? [{ key: field.key, named, take: null, own: asScalar(field, choice.words) }]
      : [{ key: field.key, named, take: choice.take, own: null }]
  })
}

/** The part of `text` that differs from all others: what stands before, the difference, what stands after. */
export function difference(text: string, others: string[]): [string, string, string] {
  const rest = others.filter((other) => other !== text).map((other) => [...other])
  const own = [...text]
  if (rest.length === 0 || own.length > 60) return [text, '', '']
  const start = Math.min(...rest.map((other) => common(own, other)))
  const back = [...own].reverse()
  const end = Math.min(own.length - start, ...rest.map((other) => common(back, [...other].reverse())))
  const [from, to] = withBrackets(own, start, Math.max(start, own.length - end))
  return [own.slice(0, from).join(''), own.slice(from, to).join(''), own.slice(to).join('')]
}

/** Characters, not code units: a rare character of a name is two of those. */
function common(a: readonly string[], b: readonly string[]): number {
  let at = 0
  while (at < a.length && at < b.length && a[at] === b[at]) at += 1
  return at
}

const CLOSING: Record<string, string> = {
  '（': '）',
  '(': ')',
  '【': '】',
  '［': '］',
  '《': '》',
  '「': '」',
  '“': '”',
}

/** The difference with the other half of each bracket it has one half of. */
function withBrackets(own: readonly string[], from: number, to: number): [number, number] {
  if (from === to) return [from, to]
  const open: number[] = []
  let [first, last] = [from, to]
  const inside = (place: number) => place >= from && place < to
  for (const [at, character] of own.entries()) {
    const opened = open.at(-1)
    if (character in CLOSING) {
      open.push(at)
    } else if (opened !== undefined && CLOSING[own[opened] ?? ''] === character) {
      open.pop()
      if (inside(opened) !== inside(at)) [first, last] = [Math.min(first, opened), Math.max(last, at + 1)]
    }
  }
  return [first, last]
}
