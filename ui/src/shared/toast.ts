// Short words about what just happened. They stand some seconds, and are read aloud once.
import { reactive, readonly } from 'vue'

export interface Toast {
  id: number
  tone: 'done' | 'error'
  text: string
  hint: string | null
}

const STANDS_MS = 10_000
/** A plain "done" is read at a glance. */
const DONE_STANDS_MS = 5_000
const shown = reactive<{ toasts: Toast[] }>({ toasts: [] })
let last = 0

export function toast(text: string, options: { tone?: 'done' | 'error'; hint?: string | null } = {}): void {
  last += 1
  const id = last
  const next: Toast = { id, text, tone: options.tone ?? 'done', hint: options.hint ?? null }
  // The same words again stand for longer, not twice.
  const others = shown.toasts.filter(
    (one) => one.text !== next.text || one.tone !== next.tone || one.hint !== next.hint,
  )
  shown.toasts = [...others.slice(-2), next]
  const brief = options.tone !== 'error' && !options.hint
  setTimeout(() => dismiss(id), brief ? DONE_STANDS_MS : STANDS_MS)
}

export function dismiss(id: number): void {
  shown.toasts = shown.toasts.filter((one) => one.id !== id)
}

export const toasts = readonly(shown)
