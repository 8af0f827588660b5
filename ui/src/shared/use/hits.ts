// What the search of the whole laptop finds for a line being typed: asked once the typing rests, never while the input method
// is composing, and Enter pressed before the answer is there waits for it.
import { computed, onScopeDispose, ref, watch } from 'vue'
import { useRead } from '@/ipc/query'
import { composingNow } from './composing'

export function useHits(limit: number, restMs: number) {
  const typed = ref('')
  const asked = ref('')
  const { data, error, isPlaceholderData } = useRead('search', () => ({ query: asked.value, limit }), {
    enabled: () => asked.value !== '',
    keep: true,
  })
  const groups = computed(() => (asked.value === '' ? [] : (data.value?.groups ?? [])))
  /** What is shown belongs to what is typed. */
  const answered = computed(
    () =>
      asked.value !== '' &&
      asked.value === typed.value.trim() &&
      (error.value !== null || (data.value !== undefined && !isPlaceholderData.value)),
  )

  let rest: ReturnType<typeof setTimeout> | undefined
  let waiting: (() => void) | null = null
  const askNow = () => {
    clearTimeout(rest)
    asked.value = typed.value.trim()
  }
  function ask() {
    clearTimeout(rest)
    if (!composingNow()) rest = setTimeout(askNow, restMs)
  }
  function type(text: string) {
    typed.value = text
    forget()
    ask()
  }
  /** Acts on the answer to what is typed, at once or when it comes; typing on forgets it. */
  function whenAnswered(act: () => void) {
    if (answered.value) return act()
    waiting = act
    askNow()
  }
  /** What waits for its answer is not done any more. */
  function forget() {
    waiting = null
  }
  function clear() {
    clearTimeout(rest)
    forget()
    typed.value = ''
    asked.value = ''
  }
  watch(
    answered,
    (here) => {
      if (!here || waiting === null) return
      const act = waiting
      waiting = null
      act()
    },
    { flush: 'post' },
  )
  onScopeDispose(() => clearTimeout(rest))
  return { typed, asked, groups, data, error, answered, type, ask, whenAnswered, forget, clear }
}
