import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { watchComposing } from './composing'
import { keyName, ownKey, watchShortcuts } from './shortcuts'

let stops: (() => void)[] = []
beforeEach(() => (stops = [watchShortcuts(window), watchComposing(document)]))
afterEach(() => stops.forEach((stop) => stop()))

function press(init: KeyboardEventInit): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { cancelable: true, bubbles: true, ...init })
  window.dispatchEvent(event)
  return event
}

it('names keys the way they are owned', () => {
  expect(keyName(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true }))).toBe('ctrl+k')
  expect(keyName(new KeyboardEvent('keydown', { key: 'K', metaKey: true }))).toBe('ctrl+k')
  expect(keyName(new KeyboardEvent('keydown', { key: 'Escape' }))).toBe('escape')
  expect(keyName(new KeyboardEvent('keydown', { key: 'F2' }))).toBe('f2')
  expect(keyName(new KeyboardEvent('keydown', { key: 'F6', shiftKey: true }))).toBe('shift+f6')
})

it('knows Alt with a letter by its place on the keyboard, whatever the layout makes of it', () => {
  expect(keyName(new KeyboardEvent('keydown', { key: 'ñ', code: 'KeyN', altKey: true }))).toBe('alt+n')
  expect(keyName(new KeyboardEvent('keydown', { key: '¡', code: 'Digit1', altKey: true }))).toBe('alt+1')
})

it('lets the newest owner act and gives the key back when it leaves', () => {
  const shell = vi.fn()
  const form = vi.fn()
  stops.push(ownKey('ctrl+s', shell))
  const leave = ownKey('ctrl+s', form)
  expect(press({ key: 's', ctrlKey: true }).defaultPrevented).toBe(true)
  leave()
  press({ key: 's', ctrlKey: true })
  expect(form).toHaveBeenCalledTimes(1)
  expect(shell).toHaveBeenCalledTimes(1)
})

it('never acts while composing', () => {
  const search = vi.fn()
  stops.push(ownKey('ctrl+k', search), ownKey('escape', search))
  press({ key: 'k', ctrlKey: true, isComposing: true })
  document.dispatchEvent(new Event('compositionstart'))
  press({ key: 'Escape' })
  document.dispatchEvent(new Event('compositionend'))
  expect(search).not.toHaveBeenCalled()
})

it('leaves a key alone that somebody has used already', () => {
  const act = vi.fn()
  stops.push(ownKey('f5', act))
  const event = new KeyboardEvent('keydown', { key: 'F5', cancelable: true })
  event.preventDefault()
  window.dispatchEvent(event)
  expect(act).not.toHaveBeenCalled()
})

it('waits while a question is open, but locking never waits', () => {
  const make = vi.fn()
  const lock = vi.fn()
  stops.push(ownKey('alt+n', make), ownKey('ctrl+l', lock))
  const dialog = document.createElement('dialog')
  dialog.setAttribute('open', '')
  document.body.append(dialog)
  press({ key: 'n', altKey: true })
  press({ key: 'l', ctrlKey: true })
  expect(make).not.toHaveBeenCalled()
  expect(lock).toHaveBeenCalledTimes(1)
})
