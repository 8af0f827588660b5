import { expect, it } from 'vitest'
import { recall, remember } from './remember'

it('what was remembered is found under another port, where only the cookies are the same', () => {
  remember('fengqiao.look', '{"locale":"en","theme":"dark"}')
  localStorage.clear()
  expect(recall('fengqiao.look')).toBe('{"locale":"en","theme":"dark"}')
  expect(recall('fengqiao.other')).toBeNull()
})
