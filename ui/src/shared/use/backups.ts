// Where the last backups of this laptop were put, so that nobody has to know the path by heart when one is needed. Only
// places and times are remembered, nothing of what is in them.
import { recall, remember } from './remember'

export interface KnownBackup {
  path: string
  at: number
}

const KEPT_AS = 'fengqiao.backups'
/** A cookie holds little. */
const MOST = 3

export function knownBackups(): KnownBackup[] {
  let kept: unknown
  try {
    kept = JSON.parse(recall(KEPT_AS) ?? '[]')
  } catch {
    return []
  }
  return Array.isArray(kept) ? kept.filter(isKnown) : []
}

export function rememberBackup(path: string, at: number): void {
  const others = knownBackups().filter((one) => one.path !== path)
  remember(KEPT_AS, JSON.stringify([{ path, at }, ...others].slice(0, MOST)))
}

function isKnown(value: unknown): value is KnownBackup {
  if (typeof value !== 'object' || value === null) return false
  const { path, at } = value as Record<string, unknown>
  return typeof path === 'string' && typeof at === 'number'
}

/** A path as file managers copy it: in quotation marks, or as an address. */
export function pathOf(pasted: string): string {
  const bare = pasted.trim().replace(/^(["'“])(.*)(["'”])$/, '$2')
  if (!/^file:\/\//i.test(bare)) return bare
  try {
    // `file:///C:/…` is a path of Windows, `file:///home/…` of Linux.
    return decodeURIComponent(bare.replace(/^file:\/\//i, '').replace(/^\/([a-z]:)/i, '$1'))
  } catch {
    return bare
  }
}
