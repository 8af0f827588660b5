// The parts of the settings, in the order of the list.
import type { RoleName } from '@/ipc/generated/types'
import type { IconName } from '@/shared'

export const parts = ['look', 'lock', 'backup', 'audit', 'about'] as const
export type Part = (typeof parts)[number]

export const partIcons: Record<Part, IconName> = {
  look: 'eye',
  lock: 'lock',
  backup: 'download',
  audit: 'history',
  about: 'file',
}

/** Who may read the record of access. */
const READ_AUDIT: readonly RoleName[] = ['chief', 'auditor']

/** The parts a role has any use for: no entry leads to a refusal. */
export function partsFor(role: RoleName | null): readonly Part[] {
  return parts.filter((part) => part !== 'audit' || (role !== null && READ_AUDIT.includes(role)))
}

export function partOf(param: unknown, among: readonly Part[]): Part {
  return among.find((part) => part === param) ?? 'look'
}
