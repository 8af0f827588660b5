import { describe, expect, it } from 'vitest'
import type { ConflictCard, ConflictField } from '@/ipc/generated/types'
import { decisions, difference, settled, stepped, unsettled } from './choices'

const field = (key: string, values: (string | number)[]): ConflictField => ({
  key,
  before: null,
  masked: false,
  sides: values.map((value, at) => ({
    change: `c${at}`,
    value,
    officer: 'A',
    at: 0,
    laptop: 'QF-07',
    state: 'station',
  })),
})
const card = (...fields: ConflictField[]): ConflictCard => ({
  document: 'd',
  kind: 'household',
  title: '',
  heads: ['h'],
  fields,
  merged: [],
})

describe('choices', () => {
  it('steps through the sides and then to own words, and stays at the ends', () => {
    const phone = field('phone', ['1', '2'])
    const left = stepped(phone, unsettled, 1)
    expect(left.take).toBe('c0')
    const right = stepped(phone, left, 1)
    expect(right.take).toBe('c1')
    const own = stepped(phone, right, 1)
    expect(own).toMatchObject({ take: null, own: true })
    expect(stepped(phone, own, 1).own).toBe(true)
    expect(stepped(phone, left, -1).take).toBe('c0')
  })

  it('names every value that was on the card, and leaves unsettled fields out', () => {
    const made = decisions(card(field('phone', ['1', '2']), field('notes', ['a', 'b', 'c'])), {
      notes: { take: 'c2', own: false, words: '' },
    })
    expect(made).toEqual([{ key: 'notes', named: ['c0', 'c1', 'c2'], take: 'c2', own: null }])
  })

  it('own words of blanks settle nothing, and numbers stay numbers', () => {
    expect(settled({ take: null, own: true, words: '  ' })).toBe(false)
    const made = decisions(card(field('people_count', [5, 8])), {
      people_count: { take: null, own: true, words: ' 7 ' },
    })
    expect(made[0]?.own).toBe(7)
  })

  it('marks only what differs', () => {
    expect(difference('138****5127', ['138****5172'])).toEqual(['138****51', '27', ''])
    expect(difference('3 组 27 号', ['3 组 28 号'])).toEqual(['3 组 2', '7', ' 号'])
    expect(difference('same', ['same'])).toEqual(['same', '', ''])
  })

  it('never marks one half of a bracket or of a character', () => {
    const [east, west] = ['排水沟（东侧）', '排水沟改道（已修）']
    expect(difference(east, [west])).toEqual(['排水沟', '（东侧）', ''])
    expect(difference(west, [east])).toEqual(['排水沟', '改道（已修）', ''])
    expect(difference('（甲）乙', ['丙）乙'])).toEqual(['', '（甲）', '乙'])
    expect(difference('甲（乙）', ['甲（丙）'])).toEqual(['甲（', '乙', '）'])
    expect(difference('王\u{20BB7}', ['王\u{20BB8}'])).toEqual(['王', '\u{20BB7}', ''])
  })
})
