import { describe, expect, it } from 'vitest'
import type { VisitPage } from '@/ipc/generated/types'
import { newVisit, visitChanges, visitLacks, visitOf, visitRequest } from './visit'

const home = { document: 'h1', title: '赵荣江户', detail: '3 组 27 号' }
const at = Date.parse('2026-11-19T01:26:00Z')
const page = {
  document: 'v1',
  heads: ['aa'],
  fields: {
    cell: 'c1',
    household: 'h1',
    kind: '11',
    at,
    notes: '人数一致',
    'officers/o1/name': '周远山',
    'officers/o2/name': '陈小满',
    'officers/o2/_gone': true,
  },
  conflicts: [],
} as unknown as VisitPage

describe('a visit', () => {
  it('begins now, by the officer at work, in station time', () => {
    const form = newVisit(home, 'o1', 'c1', at)
    expect([form.on, form.time, form.officers]).toEqual(['2026-11-19', '09:26', ['o1']])
  })
  it('to a household names the household and no cell', () => {
    const form = newVisit(home, 'o1', 'c1', at)
    form.texts.notes = ' 人数一致 '
    expect(visitRequest(form, null, () => '周远山')).toEqual({
      document: null,
      heads: [],
      fields: { kind: '11', at, notes: '人数一致', household: 'h1', 'officers/o1/name': '周远山' },
    })
  })
  it('elsewhere names its cell and place', () => {
    const form = { ...newVisit(null, 'o1', 'c1', at), where: 'place' as const }
    expect(visitLacks(form, null)).toEqual(['place'])
    form.texts.place = '村委会'
    expect(visitLacks(form, null)).toEqual([])
    expect(visitRequest(form, null, String).fields).toMatchObject({ cell: 'c1', place: '村委会' })
  })
  it('says everything it lacks', () => {
    const form = newVisit(null, null, null, at)
    expect(visitLacks(form, null)).toEqual(['home', 'officers'])
    form.home = home
    expect(visitLacks(form, null)).toEqual(['officers'])
    form.officers = ['o1']
    form.time = null
    expect(visitLacks(form, null)).toEqual(['time'])
  })
  it('opened again sends only what changed, at its heads', () => {
    const form = visitOf(page, home)
    expect(form.officers).toEqual(['o1'])
    expect(visitChanges(form, 'v1')).toBe(false)
    form.texts.notes = '人数一致，补电话'
    form.officers = ['o3']
    expect(visitRequest(form, 'v1', () => '沈知秋')).toEqual({
      document: 'v1',
      heads: ['aa'],
      fields: {
        notes: '人数一致，补电话',
        'officers/o3/name': '沈知秋',
        'officers/o3/_gone': false,
        'officers/o1/_gone': true,
      },
    })
  })
})
