// A form for something new: kept as a draft, saved, and then its page is shown.
import { ref, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import type { Written } from '@/ipc/generated/types'
import { useDraft, useShortcuts } from '@/shared'
import { sayWritten, showError } from './useRecordForm'

export interface NewFormOptions<T extends object> {
  kind: string
  /** Where the draft is kept. */
  key: string
  empty: T
  /** Why it cannot be saved yet. */
  off: (form: T) => string | false
  save: (form: T) => Promise<Written>
  busy: Ref<boolean>
  /** The form on the screen. */
  box: Ref<HTMLElement | null>
  /** Where leaving leads. */
  back: string
  /** Where saving leads. */
  page: (written: Written, form: T) => string
}

export function useNewForm<T extends object>(options: NewFormOptions<T>) {
  const router = useRouter()
  const form = ref(options.empty) as Ref<T>
  const draft = useDraft(options.key, form)

  async function save() {
    if (options.off(form.value) !== false || options.busy.value) return
    try {
      const written = await options.save(form.value)
      await draft.discard()
      sayWritten(written, options.kind)
      void router.push(options.page(written, form.value))
    } catch (error) {
      await showError(options.box.value, error)
    }
  }
  async function giveUp() {
    await draft.discard()
    void router.push(options.back)
  }
  useShortcuts({ 'ctrl+s': () => void save(), escape: () => void router.push(options.back) })
  return { form, draft, save, giveUp }
}
