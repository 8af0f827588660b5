// How a clock is called and how it stands, in words.
import type { Clock } from '@/ipc/generated/types'
import { has, t } from '@/i18n'
import type { ShapeName, Tone } from '@/shared'

/** Clocks we have a short name for are called by it; others by the term of the law. */
export function clockName(clock: Pick<Clock, 'id' | 'matter_zh'>): string {
  const key = `disputes.clock.${clock.id}`
  return has(key) ? t(key) : clock.matter_zh || clock.id
}

/** `15 日`, `3 个工作日`, `1 个月`. */
export function clockLength(clock: Pick<Clock, 'length' | 'unit'>): string {
  return t(`disputes.unit.${clock.unit}`, { n: clock.length }, clock.length)
}

export interface ClockMark {
  shape: ShapeName
  tone: Tone
  text: string
}

export function clockMark(clock: Pick<Clock, 'state' | 'days_left'>): ClockMark {
  const left = clock.days_left ?? 0
  switch (clock.state) {
    case 'not_started':
      return { shape: 'dash', tone: 'grey', text: t('shared.due.none') }
    case 'running':
      return { shape: 'ring', tone: 'grey', text: t('shared.due.left', { n: left }, left) }
    case 'due_today':
      return { shape: 'due', tone: 'orange', text: t('shared.due.today') }
    case 'overdue':
      return { shape: 'over', tone: 'red', text: t('shared.due.over', { n: -left }, -left) }
    case 'met':
      return { shape: 'tick', tone: 'grey', text: t('disputes.clock_state.met') }
    case 'met_late':
      return { shape: 'tick', tone: 'orange', text: t('disputes.clock_state.met_late') }
    case 'lapsed':
      return { shape: 'off', tone: 'grey', text: t('disputes.clock_state.lapsed') }
    case 'stopped':
      return { shape: 'off', tone: 'grey', text: t('disputes.clock_state.stopped') }
  }
}

/** Clocks that still matter stand first: running out, running, not begun; then those that are over. */
export function clocksInOrder(clocks: readonly Clock[]): Clock[] {
  const rank = (clock: Clock) => {
    if (['overdue', 'due_today', 'running'].includes(clock.state)) return 0
    return clock.state === 'not_started' ? 1 : 2
  }
  return [...clocks].sort((a, b) => rank(a) - rank(b))
}
