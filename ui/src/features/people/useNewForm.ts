// A form for something new: kept as a draft, saved, and then its page is shown.
import { computed, ref, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import type { Written } from '@/ipc/generated/types'
import { useAgain, useDraft, useProblems, useShortcuts, type Problems } from '@/shared'
import type { Fields } from './form'
import { sayWritten, showError, type Writing } from './useRecordForm'

export interface NewFormOptions<T extends object> {
  kind: string
  /** Where the draft is kept. */
  key: string
  empty: T
  /** What keeps it from being saved, by field. */
  needs: (form: T) => Problems
  save: (form: T) => Promise<Written>
  /** The command that saves it. */
  write: Writing
  /** What saving does. */
  after: (form: T) => string
  /** Why there is nothing to save. */
  off?: (form: T) => string | false
  /** Takes what is written again into the form. */
  again?: (form: T, fields: Fields) => void
  /** Where leaving leads. */
  back: string
  /** Where saving leads. */
  page: (written: Written, form: T) => string
}

export function useNewForm<T extends object>(options: NewFormOptions<T>) {
  const router = useRouter()
  const form = ref(options.empty) as Ref<T>
  const draft = useDraft(options.key, form)

  const { pass, problem, lacking } = useProblems(() => options.needs(form.value))
  const off = computed<string | false>(() => options.off?.(form.value) ?? false)
  const leave = () => void router.push(options.back)

  async function save() {
    if (off.value !== false || options.write.isPending.value || !(await pass())) return
    try {
      const written = await options.save(form.value)
      await draft.discard()
      sayWritten(written, options.kind)
      void router.push(options.page(written, form.value))
    } catch (error) {
      await showError(error)
    }
  }
  async function giveUp() {
    await draft.discard()
    leave()
  }
  useAgain(options.kind, draft.ready, (fields) => options.again?.(form.value, fields))
  useShortcuts({ 'ctrl+s': () => void save(), escape: leave })
  /** What the page of the form shows and tells: `<FormPage v-bind="frame">`. */
  const frame = computed(() => ({
    draft,
    after: options.after(form.value),
    off: off.value,
    lacking: lacking.value,
    busy: options.write.isPending.value,
    error: options.write.error.value,
    onSave: () => void save(),
    onLeave: () => void giveUp(),
    onBack: leave,
  }))
  return { form, problem, frame }
}
