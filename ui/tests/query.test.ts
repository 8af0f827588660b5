import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import { useRead, useWrite } from '@/ipc/query'
import { refuse, setUpHost } from './host'

function setUp() {
  let count = 1
  const host = setUpHost({
    household_count: () => ({ count }),
    patrol_week: () => ({}),
    household_save: () => refuse('field_bad_phone'),
  })
  const Screen = defineComponent(() => {
    const households = useRead('household_count', {
      cell: null,
      village: null,
      kind: null,
      not_visited_since_on: null,
      order: 'address',
      after: null,
      limit: 1,
    })
    useRead('patrol_week', {})
    const save = useWrite('household_save')
    const press = () => save.mutate({ document: null, heads: [], fields: {} })
    return () => h('button', { onClick: press }, [households.data.value?.count, ' ', save.error.value?.code])
  })
  const screen = host.mount(Screen)
  return { host, screen, now: (n: number) => (count = n) }
}

it('a change is read again by those who read its tag, and by no one else', async () => {
  const { host, screen, now } = setUp()
  await flushPromises()
  expect(screen.text()).toBe('1')
  now(2)
  host.tell({ type: 'changed', tags: ['household'] })
  await flushPromises()
  expect(screen.text()).toBe('2')
  expect(host.commands().filter((command) => command === 'patrol_week')).toHaveLength(1)
})

it('after a cut in the events everything is read again', async () => {
  const { host, now, screen } = setUp()
  await flushPromises()
  now(3)
  host.tell({ type: 'resumed' })
  await flushPromises()
  expect(screen.text()).toBe('3')
  expect(host.commands().filter((command) => command === 'patrol_week')).toHaveLength(2)
})

it('an answer is kept: nothing is asked twice without a change', async () => {
  const { host } = setUp()
  await flushPromises()
  host.tell({ type: 'progress', job: 'j', stage: 's', done: 1, total: 2, state: 'running' })
  await flushPromises()
  expect(host.commands()).toEqual(['household_count', 'patrol_week'])
})

it('a refused write keeps its code for the screen', async () => {
  const { screen } = setUp()
  await screen.trigger('click')
  await flushPromises()
  expect(screen.text()).toContain('field_bad_phone')
})
