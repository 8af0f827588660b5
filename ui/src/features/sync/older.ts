// What a first sync has still to bring.
import type { OlderToCome } from '@/ipc/generated/types'
import { t } from '@/i18n'

/** All cells together, and each by its name. */
export const olderToCome = (cells: readonly OlderToCome[]): { n: number; where: string } => ({
  n: cells.reduce((sum, one) => sum + one.entries, 0),
  where: cells
    .map((one) => t('sync.older_cell', { name: one.name || t('sync.older_station'), n: one.entries }))
    .join(t('shared.comma')),
})
