import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { defineComponent, h, withDirectives } from 'vue'
import { watchComposing } from './composing'
import { vEnterMoves } from './enterMoves'

let stop: () => void
beforeEach(() => (stop = watchComposing(document)))
afterEach(() => stop())

const Form = defineComponent({
  render: () =>
    withDirectives(
      h('form', [
        h('input', { id: 'a' }),
        h('input', { id: 'off', disabled: true }),
        h('input', { id: 'b' }),
        h('textarea', { id: 'c' }),
        h('input', { id: 'd' }),
        h('button', { id: 'leave', type: 'button' }),
        h('button', { id: 'save', type: 'button', 'data-main': true }),
      ]),
      [[vEnterMoves]],
    ),
})

function setUp() {
  const form = mount(Form, { attachTo: document.body })
  const enter = async (id: string, init: KeyboardEventInit = {}) => {
    form.get<HTMLElement>(`#${id}`).element.focus()
    const event = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init })
    form.get(`#${id}`).element.dispatchEvent(event)
    return document.activeElement?.id
  }
  return { enter }
}

it('Enter goes to the next field and over what is off', async () => {
  expect(await setUp().enter('a')).toBe('b')
})
it('Enter goes from the last field to the main button', async () => {
  expect(await setUp().enter('d')).toBe('save')
})
it('Enter stays in a text of several lines', async () => {
  expect(await setUp().enter('c')).toBe('c')
})
it('Enter of the input method stays where it is', async () => {
  expect(await setUp().enter('a', { isComposing: true })).toBe('a')
})
it('Enter that confirms a word in WebKit stays where it is', async () => {
  const { enter } = setUp()
  document.dispatchEvent(new Event('compositionstart'))
  document.dispatchEvent(new Event('compositionend'))
  expect(await enter('a')).toBe('a')
})
it('Ctrl+Enter is not ours', async () => {
  expect(await setUp().enter('a', { ctrlKey: true })).toBe('a')
})
