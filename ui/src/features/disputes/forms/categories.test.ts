import { expect, it } from 'vitest'
import { linesOf, pathOf } from './categories'

const code = (code: string, label: string, parent: string | null) => ({ code, label, parent })
const all = [
  code('01', '婚恋家庭纠纷', null),
  code('0101', '恋爱及婚姻', '01'),
  code('02', '邻里纠纷', null),
  code('0201', '用水排水', '02'),
  code('020102', '排水下水', '0201'),
  code('99', '其他', null),
]

it('closed, only the branches stand; an open branch shows all below it', () => {
  expect(linesOf(all, null, '', ' ').map((line) => line.code)).toEqual(['01', '02', '99'])
  expect(linesOf(all, '02', '', ' ').map((line) => line.code)).toEqual(['01', '02', '0201', '020102', '99'])
})
it('a branch opens, what has nothing below it is chosen', () => {
  expect(linesOf(all, null, '', ' ').map((line) => line.branch)).toEqual([true, true, false])
})
it('typed words are looked for in name and path, names first', () => {
  expect(linesOf(all, null, '排水', ' ').map((line) => line.code)).toEqual(['0201', '020102'])
  expect(linesOf(all, null, '邻里 下水', ' ').map((line) => line.code)).toEqual(['020102'])
  expect(linesOf(all, null, '没有', ' ')).toEqual([])
})
it('the path names what stands above', () => {
  expect(pathOf(new Map(all.map((one) => [one.code, one])), '020102', ' / ')).toBe('邻里纠纷 / 用水排水')
})
