// ISO weeks: which week a day is in, the one before and after.
import { addDays } from '@/shared/format'

export interface Week {
  year: number
  week: number
}

/** The ISO week of a station-local day. */
export function weekOf(on: string): Week {
  const weekday = (new Date(Date.parse(on)).getUTCDay() + 6) % 7
  const thursday = addDays(on, 3 - weekday)
  const year = Number(thursday.slice(0, 4))
  const days = Math.round((Date.parse(thursday) - Date.parse(`${year}-01-01`)) / 86_400_000)
  return { year, week: Math.floor(days / 7) + 1 }
}

/** The week so many weeks away from the one that begins on `monday`. */
export function weekFrom(monday: string, by: number): Week {
  return weekOf(addDays(monday, 7 * by))
}
