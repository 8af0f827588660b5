// Small words made of several fields of a patrol.
import { t } from '@/i18n'
import { span } from '@/shared/format'

/** `步巡，石桥头到下枫`: the mode, and the route or the cells. */
export function patrolName(mode: string, route: string | null | undefined, cells: readonly string[]): string {
  const where = route?.trim() || cells.join(t('shared.comma'))
  return [mode, where].filter(Boolean).join(t('shared.pause')) || t('patrol.unnamed')
}

/** `1 小时 20 分，发现 3`. */
export function patrolSum(minutes: number | null, findings: number): string {
  const found = findings === 0 ? '' : t('patrol.found', { n: findings }, findings)
  return [minutes === null ? '' : span(minutes), found].filter(Boolean).join(t('shared.pause'))
}
