import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { composingNow, isComposing, watchComposing } from './composing'

let stop: () => void
beforeEach(() => (stop = watchComposing(document)))
afterEach(() => stop())

function key(name: string, init: KeyboardEventInit = {}): KeyboardEvent {
  return new KeyboardEvent('keydown', { key: name, ...init })
}
function composition(type: 'compositionstart' | 'compositionend'): void {
  document.dispatchEvent(new Event(type))
}

describe('a key of the input method does not act', () => {
  it('when the event says so', () => {
    expect(isComposing(key('Enter', { isComposing: true }))).toBe(true)
  })
  it('when the key code is 229', () => {
    expect(isComposing(key('Process', { keyCode: 229 }))).toBe(true)
  })
  it('while a composition is open, though the event says nothing', () => {
    composition('compositionstart')
    expect(composingNow()).toBe(true)
    expect(isComposing(key('Enter'))).toBe(true)
    expect(isComposing(key('a'))).toBe(true)
  })
  it('when the confirming Enter comes right after the end, as in WebKit', () => {
    composition('compositionstart')
    composition('compositionend')
    expect(composingNow()).toBe(false)
    expect(isComposing(key('Enter'))).toBe(true)
  })
})

describe('a key of the user acts', () => {
  it('when nothing was composed', () => {
    expect(isComposing(key('Enter'))).toBe(false)
  })
  it('when the confirming key was let go and Enter is pressed again', () => {
    composition('compositionstart')
    composition('compositionend')
    document.dispatchEvent(new KeyboardEvent('keyup', { key: 'Enter' }))
    expect(isComposing(key('Enter'))).toBe(false)
  })
  it('when letters follow a composition at once', () => {
    composition('compositionstart')
    composition('compositionend')
    expect(isComposing(key('a'))).toBe(false)
  })
})
