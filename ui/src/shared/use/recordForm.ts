// A form on one record, new or known: kept as a draft with the heads it was opened on, saved with what changed.
import { computed, ref, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import { useWrite } from '@/ipc/query'
import { t } from '@/i18n'
import { useAgain } from '../again'
import { changedFields, type Fields } from '../changes'
import { errorText } from '../errors'
import type { Found } from '../fields/HitField.vue'
import { fieldLabel } from '../labels'
import { leadToWrong, malformed, useProblems, type Problems } from '../problems'
import { toast } from '../toast'
import { useDraft } from './draft'
import { useShortcuts } from './shortcuts'

export interface RecordFormState {
  heads: string[]
  before: Fields
  /** What differs from it now. Kept apart, so that a draft holds long texts once. */
  now: Fields
  /** Records picked by searching, by the key of their field: to show what was picked. */
  found: Record<string, Found | null>
}
export interface RecordFormOptions {
  kind: 'dispute' | 'patrol' | 'mediator'
  /** Where the draft is kept. */
  key: string
  /** Absent for a new record. */
  document: string | null
  heads: string[]
  /** What it was opened on. */
  before: Fields
  /** What the form starts with, where that is more than what it was opened on. */
  start?: Fields
  found?: Record<string, Found | null>
  /** Takes out what was begun and left empty. */
  clean?: (values: Fields) => Fields
  /** What keeps it from being saved, by field; what is malformed is found without it. */
  needs?: (values: Fields) => Problems
  /** Where leaving leads. */
  back: string
  /** Where saving leads. */
  page: (document: string, sent: Fields) => string
}

export function useRecordForm(options: RecordFormOptions) {
  const router = useRouter()
  const write = useWrite(`${options.kind}_save`)
  const { heads, before } = options
  const form: Ref<RecordFormState> = ref({
    heads,
    before,
    now: { ...options.start },
    found: options.found ?? {},
  })
  const draft = useDraft(options.key, form)
  const values = computed<Fields>({
    get: () => ({ ...form.value.before, ...form.value.now }),
    set: (to) => {
      const old = form.value.before
      form.value.now = Object.fromEntries(Object.entries(to).filter(([key, value]) => old[key] !== value))
    },
  })
  const sent = computed(() => changedFields(form.value.before, options.clean?.(values.value) ?? values.value))
  const off = computed<string | false>(() =>
    Object.keys(sent.value).length === 0 ? t('shared.nothing_changed') : false,
  )
  const { pass, problem, lacking } = useProblems(() => ({
    ...malformed(sent.value, options.kind),
    ...options.needs?.(values.value),
  }))
  /** What saving does to a known record: the fields that change. */
  const after = computed(() => {
    const keys = Object.keys(sent.value).filter((key) => !key.endsWith('/_gone'))
    if (Object.keys(sent.value).length === 0) return t('shared.nothing_changed')
    const names = [...new Set(keys.map((key) => fieldLabel(key, options.kind)))]
    return t('shared.after_edit', { names: names.join(t('shared.comma')) || t('shared.after_taken_out') })
  })

  function set(change: Fields) {
    values.value = { ...values.value, ...change }
  }
  async function save() {
    if (off.value !== false || write.isPending.value || !(await pass())) return
    const fields = sent.value
    try {
      const written = await write.mutateAsync({ document: options.document, heads: form.value.heads, fields })
      await draft.discard().catch(() => undefined)
      // Conflicts that stood before are shown on the page; here only what was written now.
      const now = written.conflicts.filter((key) => key in fields)
      sayWritten(now, options.kind)
      void router.push(options.page(written.document, fields))
    } catch (error) {
      await leadToWrong()
      toast(errorText(error).text, { tone: 'error', hint: errorText(error).hint })
    }
  }
  async function giveUp() {
    await draft.discard().catch(() => undefined)
    leave()
  }
  function leave() {
    void router.push(options.back)
  }
  useAgain(options.kind, draft.ready, set)
  useShortcuts({ 'ctrl+s': () => void save(), escape: leave })
  const error = write.error
  /** What the page of the form shows and tells: `<FormPage v-bind="frame">`. */
  const frame = computed(() => ({
    draft,
    after: after.value,
    off: off.value,
    lacking: lacking.value,
    busy: write.isPending.value,
    error: error.value,
    onSave: () => void save(),
    onLeave: () => void giveUp(),
    onBack: leave,
  }))
  return { form, values, set, sent, off, problem, after, error, frame }
}

/** Says that it is saved here, and which fields now wait for a decision. */
export function sayWritten(conflicts: readonly string[], kind: string): void {
  if (conflicts.length === 0) return toast(t('shared.saved_here'))
  const fields = conflicts.map((key) => fieldLabel(key, kind)).join(t('shared.comma'))
  toast(t('shared.saved_conflict', { fields }), { hint: t('shared.saved_conflict_hint') })
}
