import { describe, expect, it } from 'vitest'
import { amountText, difference, fraction, lengthOf } from './figures'

const n = (value: number, of: number | null = null) => ({ value, of })

describe('figures', () => {
  it('writes counts, hours and rates', () => {
    expect(amountText('count', n(1486))).toBe('1,486')
    expect(amountText('minutes', n(570))).toBe('9.5')
    expect(amountText('rate', n(7, 8))).toBe('87.5%')
    expect(amountText('rate', n(0, 0))).toBe('—')
    expect(fraction('rate', n(7, 8))).toBe('7 / 8')
    expect(fraction('count', n(7))).toBe('')
  })

  it('compares with a base, and has a dash where there is none', () => {
    expect(difference('count', n(486), n(461))).toEqual({ by: '+25', share: '+5.4%' })
    expect(difference('count', n(37), n(41))).toEqual({ by: '−4', share: '−9.8%' })
    expect(difference('count', n(6), n(0))).toEqual({ by: '+6', share: '—' })
    expect(difference('minutes', n(60), n(90)).by).toBe('−0.5')
    expect(difference('rate', n(1, 2), n(0, 0)).by).toBe('—')
    expect(difference('rate', n(7, 8), n(9, 10)).by).toContain('−2.5')
  })

  it('draws what it says', () => {
    expect(lengthOf('rate', n(1, 4))).toBe(25)
    expect(lengthOf('minutes', n(90))).toBe(1.5)
    expect(lengthOf('count', undefined)).toBe(0)
  })
})
