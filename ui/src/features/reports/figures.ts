// How the report's numbers read: amounts, differences, rates with both numbers. Plain, so that tables of cases test it.
import type { AmountView, FigureUnit, FigureView } from '@/ipc/generated/types'
import { t } from '@/i18n'
import { count, percent, signed } from '@/shared/format'

export interface Difference {
  by: string
  share: string
}

const DASH = '—'

/** A number as it stands in the table. Minutes are shown as hours with one decimal. */
export function amountText(unit: FigureUnit, amount: AmountView): string {
  switch (unit) {
    case 'count':
      return count(amount.value)
    case 'minutes':
      return (amount.value / 60).toFixed(1)
    case 'rate':
      return percent(amount.value, amount.of ?? 0)
  }
}

/** Both numbers of a rate; empty for the others. */
export function fraction(unit: FigureUnit, amount: AmountView): string {
  return unit === 'rate' ? `${count(amount.value)} / ${count(amount.of ?? 0)}` : ''
}

/** Against an earlier amount: by how much, and by what share. No base is a dash. */
export function difference(unit: FigureUnit, now: AmountView, base: AmountView): Difference {
  if (unit === 'rate') return points(now, base)
  const by = now.value - base.value
  const text = unit === 'minutes' ? hours(by) : signed(by)
  const share = base.value === 0 ? DASH : signedPercent((by * 100) / base.value)
  return { by: text, share }
}

function points(now: AmountView, base: AmountView): Difference {
  if (!now.of || !base.of) return { by: DASH, share: '' }
  const by = (now.value * 100) / now.of - (base.value * 100) / base.of
  const text = Math.abs(by) < 0.05 ? '0' : `${by > 0 ? '+' : '−'}${Math.abs(by).toFixed(1)}`
  return { by: t('reports.points', { n: text }), share: '' }
}

function hours(minutes: number): string {
  const text = (Math.abs(minutes) / 60).toFixed(1)
  return text === '0.0' ? '0' : `${minutes > 0 ? '+' : '−'}${text}`
}

function signedPercent(value: number): string {
  const text = Math.abs(value).toFixed(1).replace(/\.0$/, '')
  return text === '0' ? '0%' : `${value > 0 ? '+' : '−'}${text}%`
}

/** What a bar's length stands for. */
export function lengthOf(unit: FigureUnit, amount: AmountView | undefined): number {
  if (!amount) return 0
  switch (unit) {
    case 'count':
      return amount.value
    case 'minutes':
      return Math.round(amount.value / 6) / 10
    case 'rate':
      return amount.of ? Math.round((amount.value * 1000) / amount.of) / 10 : 0
  }
}

export function figureOf(figures: FigureView[], key: string): FigureView | null {
  return figures.find((figure) => figure.key === key) ?? null
}
