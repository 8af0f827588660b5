// What a feature tells the shell. The shell finds every `src/features/<noun>/index.ts` that exports `feature`.
import type { RouteRecordRaw } from 'vue-router'
import type { HitKind } from '@/ipc/generated/types'
import type { IconName } from './icons'

export interface Feature {
  /** The noun: name of its folder and of its message file. */
  name: string
  routes: RouteRecordRaw[]
  /** Its entry in the rail: `rail.<name>` is the word. `foot` puts it at the bottom. */
  rail?: { icon: IconName; to: string; order: number; foot?: boolean }
  /** What one can make new: `label` is a message key. Alt+N opens the menu, Alt+<digit> makes it at once. */
  create?: { label: string; icon: IconName; to: string; order: number }[]
  /** Where a search hit of a kind opens. */
  opens?: Partial<Record<HitKind, (hit: { document: string; household: string | null; title: string }) => string>>
}
