// `v-enter-moves` on a form: Enter goes to the next field, the habit of people who enter records.
// From the last field it goes to the main button. A field with its own meaning of Enter carries data-enter="own".
import type { Directive } from 'vue'
import { isComposing } from './composing'

const FIELDS =
  'input:not([type=hidden]):not([disabled]):not([readonly]), textarea:not([disabled]), select:not([disabled]), [data-field]:not([disabled])'

function visible(element: HTMLElement): boolean {
  return element.tabIndex >= 0 && element.closest('[hidden], [inert]') === null
}

/** The field after `from`, or the main button, or null. */
export function nextField(form: HTMLElement, from: Element): HTMLElement | null {
  const fields = [...form.querySelectorAll<HTMLElement>(FIELDS)].filter(visible)
  const here = fields.findIndex((field) => field === from || field.contains(from))
  return fields[here + 1] ?? form.querySelector<HTMLElement>('[data-main]:not([disabled])')
}

function hear(event: KeyboardEvent) {
  const target = event.target as HTMLElement
  const form = event.currentTarget as HTMLElement
  if (event.key !== 'Enter' || event.defaultPrevented || isComposing(event)) return
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return
  if (target.closest('textarea, button:not([data-field]), a, [data-enter=own]')) return
  const next = nextField(form, target)
  if (!next) return
  event.preventDefault()
  next.focus()
  if (next instanceof HTMLInputElement && next.type !== 'checkbox' && next.type !== 'radio') next.select()
}

export const vEnterMoves: Directive<HTMLElement> = {
  mounted: (form) => form.addEventListener('keydown', hear),
  unmounted: (form) => form.removeEventListener('keydown', hear),
}
