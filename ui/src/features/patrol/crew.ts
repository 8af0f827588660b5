// The crew of a patrol: officers of the station, and others by name with what they are.
import type { OfficerName, RoleName } from '@/ipc/generated/types'
import { itemsOf, textOf, type Fields } from '@/shared/changes'

export interface Member {
  item: string
  name: string
  kind: string
  officer: string | null
}

/** What someone who is no officer of the station can be. */
export const freeKinds = ['volunteer', 'grid_worker', 'auxiliary', 'officer'] as const

export function kindOfRole(role: RoleName): string {
  return role === 'auxiliary' ? 'auxiliary' : 'officer'
}

export function crewOf(values: Fields): Member[] {
  return itemsOf(values, 'crew').map((item) => ({
    item,
    name: textOf(values, `crew/${item}/name`),
    kind: textOf(values, `crew/${item}/kind`),
    officer: textOf(values, `crew/${item}/officer`) || null,
  }))
}

/** An officer is the item of his own id, so that two laptops add him once. */
export function withOfficer(values: Fields, officer: OfficerName): Fields {
  const item = officer.id
  return {
    ...values,
    [`crew/${item}/name`]: officer.name,
    [`crew/${item}/kind`]: kindOfRole(officer.role),
    [`crew/${item}/officer`]: officer.id,
    ...(`crew/${item}/_gone` in values ? { [`crew/${item}/_gone`]: false } : {}),
  }
}

export function withName(values: Fields, fresh: string, name: string, kind: string): Fields {
  return { ...values, [`crew/${fresh}/name`]: name.trim(), [`crew/${fresh}/kind`]: kind }
}

export interface CrewChoice {
  key: string
  officer: OfficerName | null
  name: string
  kind: string
}

/** What a typed word offers: officers not yet in the crew, then the name itself as each kind. */
export function crewChoices(officers: readonly OfficerName[], crew: readonly Member[], typed: string): CrewChoice[] {
  const word = typed.trim()
  const left = officers.filter((one) => !crew.some((member) => member.officer === one.id))
  const found = left
    .filter((one) => word === '' || one.name.toLowerCase().includes(word.toLowerCase()))
    .map((one) => ({ key: one.id, officer: one, name: one.name, kind: kindOfRole(one.role) }))
  if (word === '' || found.some((one) => one.name === word)) return found
  return [...found, ...freeKinds.map((kind) => ({ key: kind, officer: null, name: word, kind }))]
}
