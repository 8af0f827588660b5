// Small words made of several fields.
import { has, t } from '@/i18n'
import type { HouseholdPage, ScalarJson } from '@/ipc/generated/types'

/** `男，63 岁`; whatever is unknown is left out. */
export function sexAndAge(sex: string | null | undefined, age: number | null): string {
  const key = `people.sex.${sex}`
  const years = age === null ? '' : t('shared.unit.year_old', { n: age })
  return [has(key) ? t(key) : '', years].filter(Boolean).join(t('shared.pause'))
}

/** How a household is called: by its head. */
export function householdName(head: string | null | undefined): string {
  return head ? t('people.household_of', { name: head }) : t('people.household_unnamed')
}

/** The line under the name: kind, people, cell. */
export function householdLine(page: HouseholdPage, kind: string): string {
  const people = t('people.n_people', { n: page.members.length }, page.members.length)
  return [kind, people, page.cell_name ?? page.cell].filter(Boolean).join(t('shared.pause'))
}

export interface Missing {
  /** What is missing, as a field. */
  key: string
  /** The member it is missing of. */
  resident: string | null
  name: string | null
}

/** `phone`, or `resident:<id>:id_number`. */
export function missingOf(page: HouseholdPage): Missing[] {
  return page.missing.map((text) => {
    const [kind, id, key] = text.split(':')
    if (kind !== 'resident' || id === undefined || key === undefined) return { key: text, resident: null, name: null }
    return { key, resident: id, name: page.members.find((member) => member.resident === id)?.name ?? null }
  })
}

/** How many items a household should have: phone, head, an identity number of everyone. */
export function itemsOf(page: HouseholdPage): number {
  return 2 + page.members.length
}

/** The items of a collection that still stand: `officers/<id>/name`. */
export function itemNames(fields: Record<string, ScalarJson | undefined>, collection: string): [string, string][] {
  return Object.entries(fields).flatMap(([key, value]): [string, string][] => {
    const [head, id, field] = key.split('/')
    if (head !== collection || field !== 'name' || id === undefined) return []
    return fields[`${collection}/${id}/_gone`] === true ? [] : [[id, String(value ?? '')]]
  })
}
