// Counts by kind of record as words: `走访 14，住户 9`.
import { has, t } from '@/i18n'
import { count } from '@/shared/format'

export function kindWords(kinds: Record<string, number | undefined>): string {
  return Object.entries(kinds)
    .sort((a, b) => (b[1] ?? 0) - (a[1] ?? 0))
    .map(([kind, n]) => `${has(`sync.kinds.${kind}`) ? t(`sync.kinds.${kind}`) : kind} ${count(n ?? 0)}`)
    .join(t('shared.comma'))
}
