import { describe, expect, it } from 'vitest'
import { setLocale } from '@/i18n'
import {
  addDays,
  ageOn,
  atOf,
  bytes,
  count,
  dayAndWeek,
  daysBetween,
  dayTime,
  fenOf,
  longOn,
  money,
  onOf,
  parseOn,
  parseTime,
  percent,
  shortOn,
  signed,
  span,
  timeOf,
  when,
} from './format'

// 2026-11-19 10:44 at the station
const NOW = Date.UTC(2026, 10, 19, 2, 44)
const TODAY = '2026-11-19'

describe('instants are read at the station, UTC+8', () => {
  it('a late evening in UTC is the next day here', () => {
    expect(onOf(Date.UTC(2026, 10, 18, 17, 0))).toBe('2026-11-19')
    expect(timeOf(Date.UTC(2026, 10, 18, 17, 5))).toBe('01:05')
  })
  it('a day and time typed here give the instant back', () => {
    expect(atOf('2026-11-19', '10:44')).toBe(NOW)
    expect(atOf('2026-02-30x', '10:44')).toBeNull()
  })
  it('today and yesterday are said, older days are written', () => {
    expect(when(NOW - 60_000, NOW)).toBe('今天 10:43')
    expect(when(NOW - 86_400_000, NOW)).toBe('昨天 10:44')
    expect(when(NOW - 5 * 86_400_000, NOW)).toBe('11-14 10:44')
    expect(when(NOW - 400 * 86_400_000, NOW)).toBe('2025-10-15 10:44')
    expect(dayTime(NOW, NOW)).toBe('11-19 10:44')
  })
})

describe('days', () => {
  it('carry the year only when it is another', () => {
    expect(shortOn('2026-01-02', TODAY)).toBe('01-02')
    expect(shortOn('2025-11-21', TODAY)).toBe('2025-11-21')
  })
  it('are counted whole, over months and leap days', () => {
    expect(daysBetween('2026-11-19', '2026-12-06')).toBe(17)
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2)
    expect(daysBetween(TODAY, '2026-11-17')).toBe(-2)
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  })
  it('name their day of the week in both languages', () => {
    expect(dayAndWeek(TODAY, TODAY)).toBe('11-19 周四')
    expect(longOn(TODAY)).toBe('11 月 19 日 星期四')
    setLocale('en')
    expect(dayAndWeek(TODAY, TODAY)).toBe('11-19 Thu')
  })
  it.each([
    ['2026-11-19', '2026-11-19'],
    ['20261119', '2026-11-19'],
    ['1119', '2026-11-19'],
    ['11-19', '2026-11-19'],
    ['11.9', '2026-11-09'],
    ['2026年11月9日', '2026-11-09'],
    ['11月9日', '2026-11-09'],
    ['2026/1/2', '2026-01-02'],
    ['今天', '2026-11-19'],
    ['昨天', '2026-11-18'],
    ['2026-02-30', null],
    ['1332', null],
    ['', null],
    ['abc', null],
  ])('%s is typed for %s', (typed, on) => {
    expect(parseOn(typed, TODAY)).toBe(on)
  })
  it('an age counts birthdays, not years', () => {
    expect(ageOn('1963-11-19', TODAY)).toBe(63)
    expect(ageOn('1963-11-20', TODAY)).toBe(62)
    expect(ageOn('2027-01-01', TODAY)).toBeNull()
    expect(ageOn(null, TODAY)).toBeNull()
  })
})

describe('times', () => {
  it.each([
    ['08:20', '08:20'],
    ['8:20', '08:20'],
    ['820', '08:20'],
    ['0820', '08:20'],
    ['8', '08:00'],
    ['8：05', '08:05'],
    ['8点20分', '08:20'],
    ['2400', null],
    ['8:60', null],
    ['x', null],
  ])('%s is typed for %s', (typed, time) => {
    expect(parseTime(typed)).toBe(time)
  })
  it('a span is said in hours and minutes', () => {
    expect(span(50)).toBe('50 分')
    expect(span(80)).toBe('1 小时 20 分')
    expect(span(180)).toBe('3 小时')
  })
})

describe('amounts', () => {
  it('fen become yuan without ever being a float', () => {
    expect(money(380_000)).toBe('3,800 元')
    expect(money(1_250)).toBe('12.50 元')
    expect(money(5)).toBe('0.05 元')
    expect(money(-1_200)).toBe('−12 元')
  })
  it('yuan typed become fen', () => {
    expect(fenOf('3,800')).toBe(380_000)
    expect(fenOf('12.5 元')).toBe(1_250)
    expect(fenOf('0.29')).toBe(29)
    expect(fenOf('1.234')).toBeNull()
    expect(fenOf('很多')).toBeNull()
  })
  it('a rate without a base is a dash', () => {
    expect(percent(7, 8)).toBe('87.5%')
    expect(percent(3, 3)).toBe('100%')
    expect(percent(0, 0)).toBe('—')
  })
  it('counts, differences and sizes', () => {
    expect(count(4846)).toBe('4,846')
    expect(signed(25)).toBe('+25')
    expect(signed(-4)).toBe('−4')
    expect(signed(0)).toBe('0')
    expect(bytes(41 * 1024 ** 3)).toBe('41 GB')
    expect(bytes(39_117)).toBe('38.2 KB')
    expect(bytes(12)).toBe('12 B')
  })
})
