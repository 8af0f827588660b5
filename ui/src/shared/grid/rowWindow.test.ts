import { describe, expect, it, vi } from 'vitest'
import { AppError } from '@/ipc/error'
import { PAGE_ROWS, rowWindow, type PageAsk } from './rowWindow'

/** A list of `length` numbers behind keyset pages; remembers what was asked. */
function listOf(length: number) {
  const asked: PageAsk[] = []
  const load = async (ask: PageAsk) => {
    asked.push(ask)
    const first = ask.after === null ? 0 : Number(ask.after) + 1
    const rows = Array.from({ length: Math.max(0, Math.min(ask.limit, length - first)) }, (_, n) => first + n)
    const last = first + rows.length - 1
    return { rows, next: last < length - 1 ? String(last) : null }
  }
  return { asked, load }
}

describe('a window on a list of 100,000', () => {
  it('reads one page to show the beginning', async () => {
    const list = listOf(100_000)
    const win = rowWindow(list.load)
    await win.show(0, 30)
    expect(win.rows.get(30)).toBe(30)
    expect(list.asked).toEqual([{ after: null, limit: PAGE_ROWS }])
  })
  it('reaches the end through cursors, never by counting rows off', async () => {
    const list = listOf(100_000)
    const win = rowWindow(list.load)
    await win.show(99_970, 99_999)
    expect(win.rows.get(99_999)).toBe(99_999)
    expect(win.state.ended).toBe(true)
    expect(list.asked).toHaveLength(100_000 / PAGE_ROWS)
  })
  it('holds only rows near the eye', async () => {
    const list = listOf(100_000)
    const win = rowWindow(list.load)
    await win.show(99_970, 99_999)
    expect(win.rows.size).toBeLessThan(2_500)
    expect(win.rows.has(0)).toBe(false)
  })
  it('comes back to the top with one page, from the cursor it knows', async () => {
    const list = listOf(100_000)
    const win = rowWindow(list.load)
    await win.show(50_000, 50_030)
    list.asked.length = 0
    await win.show(0, 30)
    expect(win.rows.get(0)).toBe(0)
    expect(list.asked).toHaveLength(1)
  })
})

it('an empty list has ended and met nothing', async () => {
  const win = rowWindow(listOf(0).load)
  await win.show(0, 30)
  expect(win.state).toMatchObject({ met: 0, ended: true, error: null })
})

it('a failed page is told and can be tried again', async () => {
  const list = listOf(10)
  const broken = new AppError({ code: 'host_unreachable', args: {}, kind: 'unavailable' })
  const load = vi.fn(list.load).mockRejectedValueOnce(broken)
  const win = rowWindow(load)
  await win.show(0, 5)
  expect(win.state.error).toBe(broken)
  await win.reload()
  expect(win.state.error).toBeNull()
  expect(win.rows.get(5)).toBe(5)
})

it('a reload keeps the old rows until the new ones are here', async () => {
  let rows = ['a', 'b']
  let release: () => void = () => undefined
  let wait: Promise<void> = Promise.resolve()
  const win = rowWindow(async () => {
    const answer = { rows: [...rows], next: null }
    await wait
    return answer
  })
  await win.show(0, 5)
  rows = ['c']
  wait = new Promise((resolve) => (release = resolve))
  const reloaded = win.reload()
  expect([...win.rows.values()]).toEqual(['a', 'b'])
  release()
  await reloaded
  expect([...win.rows.values()]).toEqual(['c'])
  expect(win.state.met).toBe(1)
})

it('an answer for the list before the filter changed is thrown away', async () => {
  let release: () => void = () => undefined
  const first = new Promise<void>((resolve) => (release = resolve))
  const load = vi
    .fn()
    .mockImplementationOnce(async () => {
      await first
      return { rows: ['old'], next: null }
    })
    .mockImplementation(async () => ({ rows: ['new'], next: null }))
  const win = rowWindow<string>(load)
  const late = win.show(0, 5)
  win.reset()
  await win.show(0, 5)
  release()
  await late
  expect([...win.rows.values()]).toEqual(['new'])
})
