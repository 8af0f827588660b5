// The history of the record on a page: opened whole from its foot, or for one field from that field's name.
import { provide, ref, type InjectionKey } from 'vue'

export const historyOfField: InjectionKey<(key: string) => void> = Symbol('history')

export function useHistory() {
  const shown = ref(false)
  const field = ref<string | null>(null)
  function open(key: string | null = null) {
    field.value = key
    shown.value = true
  }
  provide(historyOfField, open)
  return { shown, field, open, close: () => (shown.value = false) }
}
