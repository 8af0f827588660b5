// The form of a visit and what it sends. A visit is to a household, or to another place of a cell.
import type { SaveRequest, ScalarJson, VisitPage } from '@/ipc/generated/types'
import type { Found } from '@/shared'
import { atOf, onOf, timeOf } from '@/shared/format'
import { blank, changed, filled, itemChanges, type Fields } from './form'
import { itemNames } from './words'

export interface VisitForm {
  /** Heads and fields it was opened on; empty for a new one. */
  heads: string[]
  before: Fields
  officersBefore: string[]
  where: 'home' | 'place'
  home: Found | null
  cell: string | null
  kind: string | null
  on: string | null
  time: string | null
  officers: string[]
  /** `place`, `notes`, `wishes`, `findings`, `next_on`. */
  texts: Fields
}

export const textKeys = ['place', 'notes', 'wishes', 'findings', 'next_on'] as const

export function newVisit(home: Found | null, officer: string | null, cell: string | null, nowMs: number): VisitForm {
  return {
    heads: [],
    before: {},
    officersBefore: [],
    where: 'home',
    home,
    cell,
    kind: '11',
    on: onOf(nowMs),
    time: timeOf(nowMs),
    officers: officer === null ? [] : [officer],
    texts: { place: null, notes: null, wishes: null, findings: null, next_on: null },
  }
}

export function visitOf(page: VisitPage, home: Found | null): VisitForm {
  const value = (key: string): ScalarJson => page.fields[key] ?? null
  const at = value('at')
  const officers = itemNames(page.fields, 'officers').map(([id]) => id)
  return {
    heads: page.heads,
    before: Object.fromEntries(['kind', 'at', ...textKeys].map((key) => [key, value(key)])),
    officersBefore: officers,
    where: value('household') === null ? 'place' : 'home',
    home,
    cell: value('cell') === null ? null : String(value('cell')),
    kind: value('kind') === null ? null : String(value('kind')),
    on: typeof at === 'number' ? onOf(at) : null,
    time: typeof at === 'number' ? timeOf(at) : null,
    officers,
    texts: Object.fromEntries(textKeys.map((key) => [key, value(key)])),
  }
}

/** What the form says, as fields of a visit. */
export function visitFields(form: VisitForm): Fields {
  const at = form.on !== null && form.time !== null ? atOf(form.on, form.time) : null
  const place = form.where === 'place' ? (form.texts.place ?? null) : null
  return { kind: form.kind, at, ...form.texts, place }
}

/** The request that saves it: everything of a new one, only the changes of a known one. */
export function visitRequest(form: VisitForm, document: string | null, nameOf: (id: string) => string): SaveRequest {
  const officers = itemChanges('officers', form.officersBefore, form.officers, nameOf)
  if (document !== null) {
    const fields = changed({ heads: form.heads, before: form.before, values: visitFields(form) })
    return { document, heads: form.heads, fields: { ...fields, ...officers } }
  }
  const names = Object.fromEntries(Object.entries(officers).filter(([key]) => key.endsWith('/name')))
  const where: Fields = form.where === 'home' ? { household: form.home?.document ?? null } : { cell: form.cell }
  return { document, heads: [], fields: filled({ ...visitFields(form), ...where, ...names }) }
}

export type VisitLack = 'home' | 'place' | 'cell' | 'kind' | 'time' | 'officers'

/** Everything that keeps it from being saved. */
export function visitLacks(form: VisitForm, document: string | null): VisitLack[] {
  const fresh = document === null
  const lacks: [VisitLack, boolean][] = [
    ['home', fresh && form.where === 'home' && form.home === null],
    ['place', form.where === 'place' && blank(form.texts.place) === null],
    ['cell', fresh && form.where === 'place' && form.cell === null],
    ['kind', form.kind === null],
    ['time', form.on === null || form.time === null],
    ['officers', form.officers.length === 0],
  ]
  return lacks.filter(([, lacks]) => lacks).map(([lack]) => lack)
}

/** Whether there is anything to save. */
export function visitChanges(form: VisitForm, document: string | null): boolean {
  return document === null || Object.keys(visitRequest(form, document, String).fields).length > 0
}

/** Puts the fields of a refused visit into the form. Which household it was is asked again: its name is not among them. */
export function visitAgain(form: VisitForm, fields: Fields): void {
  for (const key of textKeys) if (fields[key] !== undefined) form.texts[key] = fields[key]
  if (typeof fields.kind === 'string') form.kind = fields.kind
  if (typeof fields.place === 'string') form.where = 'place'
  if (typeof fields.at === 'number') {
    form.on = onOf(fields.at)
    form.time = timeOf(fields.at)
  }
}
