import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useTransport } from '@/ipc/client'
import { AppError } from '@/ipc/error'
import type { HostEvent } from '@/ipc/transport'
import DataGrid from './DataGrid.vue'
import type { PageAsk } from './rowWindow'

interface Row {
  id: string
  name: string
}
let tell: (event: HostEvent) => void = () => undefined
beforeEach(() => {
  // The test window lays nothing out; the list is told a height.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(400)
  useTransport({
    call: () => Promise.reject(new Error('no command here')),
    subscribe: (handler) => {
      tell = handler
      return () => undefined
    },
  })
})
afterEach(() => {
  useTransport(null)
  vi.useRealTimers()
})

function setUp(length: number, extra: Record<string, unknown> = {}) {
  const load = async (ask: PageAsk) => {
    const first = ask.after === null ? 0 : Number(ask.after)
    const rows = Array.from({ length: Math.min(ask.limit, length - first) }, (_, n) => ({
      id: `r${first + n}`,
      name: `户 ${first + n}`,
    }))
    const end = first + rows.length
    return { rows, next: end < length ? String(end) : null }
  }
  const grid = mount(DataGrid<Row>, {
    attachTo: document.body,
    props: {
      label: '住户',
      columns: [{ key: 'name', title: '户主', width: '1fr', text: (row: Row) => row.name }],
      load,
      total: length,
      rowKey: (row: Row) => row.id,
      ...extra,
    },
    slots: { empty: '还没有住户' },
  })
  const body = grid.get<HTMLElement>('[role=grid]')
  const press = async (key: string) => {
    await body.trigger('keydown', { key })
    await flushPromises()
  }
  return { grid, press }
}

it('a list of 100,000 keeps at most 60 rows in the page and says how many there are', async () => {
  const { grid } = setUp(100_000)
  await flushPromises()
  expect(grid.findAll('.at').length).toBeGreaterThan(5)
  expect(grid.findAll('.at').length).toBeLessThanOrEqual(60)
  expect(grid.get('[role=grid]').attributes('aria-rowcount')).toBe('100001')
  expect(grid.get('.at').attributes('aria-rowindex')).toBe('2')
  expect(grid.get('.at').text()).toBe('户 0')
})

it('arrows move the current row, Enter opens it', async () => {
  const { grid, press } = setUp(500)
  await flushPromises()
  await press('ArrowDown')
  await press('ArrowDown')
  await press('ArrowUp')
  await press('ArrowDown')
  await press('Enter')
  expect(grid.emitted('open')).toEqual([[{ id: 'r1', name: '户 1' }]])
})

it('Home and End lead to the first and the last row', async () => {
  const { grid, press } = setUp(500)
  await flushPromises()
  await press('End')
  expect(grid.get('[role=grid]').attributes('aria-activedescendant')).toMatch(/-499$/)
  await press('Home')
  expect(grid.get('[role=grid]').attributes('aria-activedescendant')).toMatch(/-0$/)
})

it('Enter of the input method opens nothing', async () => {
  const { grid, press } = setUp(5)
  await flushPromises()
  await press('ArrowDown')
  await grid.get('[role=grid]').trigger('keydown', { key: 'Enter', isComposing: true })
  expect(grid.emitted('open')).toBeUndefined()
})

it('a click opens its row and the open record is marked', async () => {
  const { grid } = setUp(5, { selected: 'r3' })
  await flushPromises()
  expect(grid.findAll('.is-on').map((row) => row.text())).toEqual(['户 3'])
  await grid.findAll('.at')[2]?.trigger('click')
  expect(grid.emitted('open')).toEqual([[{ id: 'r2', name: '户 2' }]])
})

it('an empty list says what to do', async () => {
  const { grid } = setUp(0)
  await flushPromises()
  expect(grid.text()).toContain('还没有住户')
})

it('a page that cannot be read is said, with a way to try again', async () => {
  const broken = new AppError({ code: 'host_unreachable', args: {}, kind: 'unavailable' })
  const { grid } = setUp(5, { load: () => Promise.reject(broken) })
  await flushPromises()
  expect(grid.get('[role=alert]').text()).toContain('连不上本机程序')
  expect(grid.get('[role=alert] button').text()).toBe('再试')
})

it('a change of one of its tags makes it read again', async () => {
  let name = '旧名'
  const load = async () => ({ rows: [{ id: 'r0', name }], next: null })
  const { grid } = setUp(1, { load, tags: ['household'] })
  await flushPromises()
  expect(grid.get('.at').text()).toBe('旧名')
  vi.useFakeTimers()
  name = '新名'
  tell({ type: 'changed', tags: ['patrol'] })
  tell({ type: 'changed', tags: ['household'] })
  await vi.runAllTimersAsync()
  await flushPromises()
  expect(grid.get('.at').text()).toBe('新名')
})
