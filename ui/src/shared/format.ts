// How times, days, money and masked values are written. Instants are epoch milliseconds; the station lives at UTC+8.
// Plain functions, so a table of cases tests each.
import { t } from '@/i18n'

const STATION_OFFSET_MS = 8 * 3_600_000
const DAY_MS = 86_400_000

const two = (n: number) => String(n).padStart(2, '0')

function local(atMs: number): Date {
  return new Date(atMs + STATION_OFFSET_MS)
}

/** `2026-11-19` of an instant, station-local. */
export function onOf(atMs: number): string {
  const d = local(atMs)
  return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`
}

/** `08:20` of an instant, station-local. */
export function timeOf(atMs: number): string {
  const d = local(atMs)
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`
}

/** `08:20:16` of an instant, station-local. */
export function clockOf(atMs: number): string {
  return `${timeOf(atMs)}:${two(local(atMs).getUTCSeconds())}`
}

/** The instant of a station-local day and time; null when either is not one. */
export function atOf(on: string, time: string): number | null {
  const ms = Date.parse(`${on}T${time}:00Z`)
  return Number.isNaN(ms) ? null : ms - STATION_OFFSET_MS
}

export function todayOn(nowMs: number = Date.now()): string {
  return onOf(nowMs)
}

/** Whole days from one day to another; negative when the second is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)
}

export function addDays(on: string, days: number): string {
  return new Date(Date.parse(on) + days * DAY_MS).toISOString().slice(0, 10)
}

/** `11-19`, with the year when it is not this one. */
export function shortOn(on: string, today: string = todayOn()): string {
  return on.slice(0, 4) === today.slice(0, 4) ? on.slice(5) : on
}

/** `11-19 周四`. */
export function dayAndWeek(on: string, today: string = todayOn()): string {
  return `${shortOn(on, today)} ${t(`shared.week.${new Date(Date.parse(on)).getUTCDay()}`)}`
}

/** `11 月 19 日 星期四`. */
export function longOn(on: string): string {
  const d = new Date(Date.parse(on))
  const day = t('shared.month_day', { m: d.getUTCMonth() + 1, d: d.getUTCDate() })
  return `${day} ${t(`shared.weekday.${d.getUTCDay()}`)}`
}

/** `今天 09:31`, `昨天 17:52`, `11-18 17:52`. */
export function when(atMs: number, nowMs: number = Date.now()): string {
  const on = onOf(atMs)
  const today = onOf(nowMs)
  if (on === today) return t('shared.when.today', { time: timeOf(atMs) })
  if (on === addDays(today, -1)) return t('shared.when.yesterday', { time: timeOf(atMs) })
  return `${shortOn(on, today)} ${timeOf(atMs)}`
}

/** `11-18 17:52`, without today or yesterday. */
export function dayTime(atMs: number, nowMs: number = Date.now()): string {
  return `${shortOn(onOf(atMs), onOf(nowMs))} ${timeOf(atMs)}`
}

/** A span: `50 分`, `1 小时 20 分`, `3 小时`. Minutes. */
export function span(minutes: number): string {
  const h = Math.floor(minutes / 60)
  const m = Math.round(minutes % 60)
  if (h === 0) return t('shared.unit.minute', { n: m })
  return m === 0 ? t('shared.unit.hour', { n: h }) : t('shared.unit.hour_minute', { h, m })
}

/** Whole years lived by a day; null when the birthday is missing or later. */
export function ageOn(bornOn: string | null | undefined, today: string = todayOn()): number | null {
  if (!bornOn || bornOn > today) return null
  const years = Number(today.slice(0, 4)) - Number(bornOn.slice(0, 4))
  return today.slice(5) < bornOn.slice(5) ? years - 1 : years
}

/** `4,846`. */
export function count(n: number): string {
  return String(Math.trunc(n)).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** Fen as yuan: `3,800 元`, `12.50 元`. */
export function money(fen: number): string {
  const sign = fen < 0 ? '−' : ''
  const whole = count(Math.floor(Math.abs(fen) / 100))
  const rest = Math.abs(fen) % 100
  return t('shared.unit.yuan', { n: `${sign}${whole}${rest === 0 ? '' : `.${two(rest)}`}` })
}

/** Yuan as typed to fen; null when it is no amount. */
export function fenOf(typed: string): number | null {
  const match = /^(\d{1,10})(?:\.(\d{1,2}))?$/.exec(typed.replace(/[,，\s元]/g, ''))
  if (!match) return null
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
}

/** A rate as `87.5%`; a dash when there is no base. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '—'
  const value = (part * 100) / whole
  return `${Number.isInteger(value) ? value : value.toFixed(1)}%`
}

/** A difference with its sign: `+25`, `−4`, `0`. */
export function signed(n: number): string {
  return n > 0 ? `+${count(n)}` : n < 0 ? `−${count(-n)}` : '0'
}

/** Bytes as `41 GB`, `38.2 KB`. */
export function bytes(n: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let value = n
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${value >= 100 || unit === 0 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** What an officer types for a day: `2026-11-19`, `20261119`, `1119`, `11-19`, `11.19`, `今天`. Null when it is none. */
export function parseOn(typed: string, today: string = todayOn()): string | null {
  const text = typed
    .trim()
    .replace(/[年月./]/g, '-')
    .replace(/日$/, '')
  if (text === '今天') return today
  if (text === '昨天') return addDays(today, -1)
  const full = /^(\d{4})-?(\d{1,2})-?(\d{1,2})$/.exec(text)
  const short = /^(\d{1,2})-(\d{1,2})$/.exec(text) ?? /^(\d{2})(\d{2})$/.exec(text)
  const [y, m, d] = full
    ? [full[1], full[2], full[3]]
    : short
      ? [today.slice(0, 4), short[1], short[2]]
      : [undefined, undefined, undefined]
  if (y === undefined || m === undefined || d === undefined) return null
  const on = `${y}-${two(Number(m))}-${two(Number(d))}`
  const ms = Date.parse(on)
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === on ? on : null
}

/** What an officer types for a time: `08:20`, `8:20`, `820`, `0820`, `8`. Null when it is none. */
export function parseTime(typed: string): string | null {
  const text = typed
    .trim()
    .replace(/[：.点]/g, ':')
    .replace(/分$/, '')
  const match = /^(\d{1,2}):(\d{1,2})$/.exec(text) ?? /^(\d{1,2})(\d{2})$/.exec(text) ?? /^(\d{1,2}):?()$/.exec(text)
  if (!match) return null
  const h = Number(match[1])
  const m = Number(match[2] || 0)
  return h < 24 && m < 60 ? `${two(h)}:${two(m)}` : null
}
