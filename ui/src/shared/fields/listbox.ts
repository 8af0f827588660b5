// The keyboard of every list that hangs below a field: arrows mark, Esc closes, and nothing happens while the input method is
// composing. What is listed, and what Enter takes, is the field's.
import { computed, ref, useId } from 'vue'
import { isComposing } from '../use/composing'
import { choiceAfterKey } from './choose'

export interface ListboxOptions {
  /** How many there are to mark now. */
  total: () => number
  /** The one marked when it opens: the chosen one. */
  first?: () => number
  /** Keys that open it. */
  opens?: readonly string[]
  /** What is typed in the field: as long as there is some, Home and End are the text's. */
  typed?: () => string
  /** Told when it opens and when it closes. */
  turned?: (open: boolean) => void
}

export type Listbox = ReturnType<typeof useListbox>

export function useListbox(options: ListboxOptions) {
  const id = useId()
  const open = ref(false)
  const marked = ref(0)
  const opens = options.opens ?? ['ArrowDown', 'F4']

  function show() {
    if (open.value) return
    open.value = true
    options.turned?.(true)
    marked.value = Math.max(0, options.first?.() ?? 0)
  }
  function hide() {
    if (!open.value) return
    open.value = false
    options.turned?.(false)
  }
  /** True when the key was the list's or belongs to the input method: the field does nothing more with it. */
  function hear(event: KeyboardEvent): boolean {
    if (isComposing(event)) return true
    if (event.ctrlKey || event.altKey || event.metaKey) return false
    if (!open.value) {
      if (!opens.includes(event.key)) return false
      event.preventDefault()
      show()
      return true
    }
    if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      hide()
      return true
    }
    const ofText = (event.key === 'Home' || event.key === 'End') && (options.typed?.() ?? '') !== ''
    const next = ofText ? null : choiceAfterKey(event.key, marked.value, options.total())
    if (next === null) return false
    event.preventDefault()
    marked.value = next
    return true
  }
  /** What ties the field to its list. */
  const attributes = computed(() => ({
    role: 'combobox',
    autocomplete: 'off',
    spellcheck: false,
    'aria-autocomplete': 'list' as const,
    'aria-expanded': open.value,
    'aria-controls': open.value ? id : undefined,
    'aria-activedescendant': open.value && marked.value < options.total() ? `${id}-${marked.value}` : undefined,
  }))
  const mark = (place: number) => {
    marked.value = place
  }
  return { id, open, marked, attributes, show, hide, hear, mark }
}
