// Keys that act from anywhere: Ctrl+K, Alt+N, Ctrl+S, F2, F5, Esc, Ctrl+L and those a screen adds.
// The newest owner of a key wins; none acts while the input method is composing.
import { onMounted, onUnmounted } from 'vue'
import { isComposing } from './composing'

type Handler = (event: KeyboardEvent) => void

const owners = new Map<string, Handler[]>()

/** `Ctrl+Shift+K` pressed is named `ctrl+shift+k`; the command key counts as Ctrl. */
export function keyName(event: KeyboardEvent): string {
  const parts: string[] = []
  if (event.ctrlKey || event.metaKey) parts.push('ctrl')
  if (event.altKey) parts.push('alt')
  if (event.shiftKey && event.key.length > 1) parts.push('shift')
  const digit = /^Digit(\d)$/.exec(event.code ?? '')?.[1]
  const letter = /^Key([A-Z])$/.exec(event.code ?? '')?.[1]
  const modified = event.ctrlKey || event.altKey || event.metaKey
  parts.push((modified && (digit ?? letter) ? (digit ?? letter ?? '') : event.key).toLowerCase())
  return parts.join('+')
}

/** Keys that act even while a question waits for its answer. */
const ABOVE_QUESTIONS = ['ctrl+l']

function hear(event: Event) {
  const key = event as KeyboardEvent
  if (key.defaultPrevented || isComposing(key)) return
  const name = keyName(key)
  if (document.querySelector('dialog[open]') && !ABOVE_QUESTIONS.includes(name)) return
  const handlers = owners.get(name)
  const newest = handlers?.[handlers.length - 1]
  if (!newest) return
  key.preventDefault()
  newest(key)
}

/** Starts hearing keys; once, at start-up. */
export function watchShortcuts(target: EventTarget = window): () => void {
  target.addEventListener('keydown', hear)
  return () => target.removeEventListener('keydown', hear)
}

/** Owns a key until the returned function is called. */
export function ownKey(key: string, handler: Handler): () => void {
  const handlers = owners.get(key) ?? []
  owners.set(key, [...handlers, handler])
  return () => {
    owners.set(
      key,
      (owners.get(key) ?? []).filter((other) => other !== handler),
    )
  }
}

/** Owns keys while the component is mounted: `useShortcuts({ 'ctrl+s': save, escape: back })`. */
export function useShortcuts(keys: Record<string, Handler>): void {
  const releases: (() => void)[] = []
  onMounted(() => {
    for (const [key, handler] of Object.entries(keys)) releases.push(ownKey(key, handler))
  })
  onUnmounted(() => releases.forEach((release) => release()))
}
