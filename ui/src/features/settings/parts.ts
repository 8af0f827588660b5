// The parts of the settings, in the order of the list.
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

export function partOf(param: unknown): Part {
  return parts.find((part) => part === param) ?? 'look'
}
