import { expect, it, vi } from 'vitest'
import { toast, toasts } from './toast'

it('the same words again stand once, and for longer', () => {
  vi.useFakeTimers()
  toast('已存本机')
  vi.advanceTimersByTime(4000)
  toast('已存本机')
  toast('已存本机', { tone: 'error' })
  expect(toasts.toasts.map((one) => one.tone)).toEqual(['done', 'error'])
  vi.advanceTimersByTime(2000)
  expect(toasts.toasts.map((one) => one.text)).toContain('已存本机')
  vi.advanceTimersByTime(20_000)
  expect(toasts.toasts).toEqual([])
  vi.useRealTimers()
})
