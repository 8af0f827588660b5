// A form on one record: opened once, kept as a draft, saved at the heads it was opened on.
import { computed, ref, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import type { SaveRequest, Written } from '@/ipc/generated/types'
import { t } from '@/i18n'
import {
  errorText,
  fieldLabel,
  leadToWrong,
  malformed,
  missing,
  toast,
  useAgain,
  useDraft,
  useProblems,
  useShortcuts,
} from '@/shared'
import { changed, openForm, type Fields, type RecordForm } from './form'

export interface RecordFormOptions {
  kind: string
  document: string
  heads: string[]
  before: Fields
  /** Masked keys that hold a value. */
  hidden: string[]
  /** Keys in conflict: they change only by a decision. */
  conflicts: string[]
  /** Where saving and leaving lead. */
  page: string
  /** Keys that must not be empty. */
  required?: readonly string[]
  write: Writing & { mutateAsync: (request: SaveRequest) => Promise<Written> }
}

/** A command that is under way, and what came of it. */
export interface Writing {
  isPending: Ref<boolean>
  error: Ref<unknown>
}

export function useRecordForm(options: RecordFormOptions) {
  const router = useRouter()
  const form = ref<RecordForm>(openForm(options.heads, options.before))
  const draft = useDraft(`${options.kind}/${options.document}`, form)
  const fields = computed(() => changed(form.value, options.hidden))
  const keys = computed(() => Object.keys(fields.value))
  const off = computed<string | false>(() => (keys.value.length === 0 ? t('people.nothing_changed') : false))
  const { pass, lacking } = useProblems(() => ({
    ...malformed(form.value.values, options.kind),
    ...missing(form.value.values, options.required ?? [], options.kind),
  }))
  const after = computed(() => {
    const names = keys.value.map((key) => fieldLabel(key, options.kind)).join(t('shared.comma'))
    return keys.value.length === 0
      ? t('people.nothing_changed')
      : t('people.after_edit', { n: keys.value.length, names }, keys.value.length)
  })

  async function save() {
    if (off.value !== false || options.write.isPending.value || !(await pass())) return
    try {
      const written = await options.write.mutateAsync({
        document: options.document,
        heads: form.value.heads,
        fields: fields.value,
      })
      await draft.discard()
      sayWritten(written, options.kind)
      void router.push(options.page)
    } catch (error) {
      await showError(error)
    }
  }
  async function giveUp() {
    await draft.discard()
    leave()
  }
  function leave() {
    void router.push(options.page)
  }
  useAgain(options.kind, draft.ready, (fields) => Object.assign(form.value.values, fields))
  useShortcuts({ 'ctrl+s': () => void save(), escape: leave })
  /** What the page of the form shows and tells: `<FormPage v-bind="frame">`. */
  const frame = computed(() => ({
    draft,
    after: after.value,
    off: off.value,
    lacking: lacking.value,
    busy: options.write.isPending.value,
    error: options.write.error.value,
    onSave: () => void save(),
    onLeave: () => void giveUp(),
    onBack: leave,
  }))
  return { form, frame }
}

/** Leads to what is wrong: the field it is about; else it is said below. */
export async function showError(error: unknown): Promise<void> {
  if (!(await leadToWrong())) toast(errorText(error).text, { tone: 'error', hint: errorText(error).hint })
}

/** Says that it is saved here, and which fields now wait for a decision. */
export function sayWritten(written: Written, kind: string): void {
  if (written.conflicts.length === 0) return toast(t('people.saved'))
  const fields = written.conflicts.map((key) => fieldLabel(key, kind)).join(t('shared.comma'))
  toast(t('people.saved_conflict', { fields }), { hint: t('people.saved_conflict_hint') })
}
