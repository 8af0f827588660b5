// What keeps a form from being saved, field by field: all of it is told at once, when saving is tried, and each goes away
// as it is put right. The Rust side judges again; what only it knows comes back as an error of one field.
import { computed, inject, nextTick, provide, ref, type ComputedRef, type InjectionKey } from 'vue'
import { has, t } from '@/i18n'
import type { ScalarJson } from '@/ipc/generated/types'
import { bare, type Fields } from './changes'
import { idProblem, idFacts, phoneIsWrong } from './people'
import { fieldLabel, fieldOf } from './labels'
import { todayOn } from './format'

/** A sentence by the key of the field it is about. */
export type Problems = Record<string, string>

const told: InjectionKey<(key: string) => string | null> = Symbol('problems')

export interface Tried {
  /** Whether it can be saved. What is wrong is shown from now on, and the first of it gets the cursor. */
  pass: () => Promise<boolean>
  problem: (key: string) => string | null
  /** How many fields are still wrong, once saving was tried. */
  lacking: ComputedRef<number>
}

export function useProblems(find: () => Problems): Tried {
  const tried = ref(false)
  const shown = computed<Problems>(() => (tried.value ? find() : {}))
  const problem = (key: string) => shown.value[key] ?? null
  provide(told, problem)
  async function pass() {
    tried.value = true
    if (Object.keys(find()).length === 0) return true
    await leadToWrong()
    return false
  }
  return { pass, problem, lacking: computed(() => Object.keys(shown.value).length) }
}

/** What is wrong with a field of the form around; null outside of one. */
export function useProblem(): (key: string) => string | null {
  return inject(told, () => null)
}

const FIELDS = ':is(input, textarea, [data-field]):not([disabled]):not([tabindex="-1"])'

/** Puts the cursor into the first field that is marked wrong; says whether there was one. */
export async function leadToWrong(): Promise<boolean> {
  await nextTick()
  const said = document.querySelector<HTMLElement>('.sheet .bad')
  const row = said?.closest('[data-row]')
  ;(row?.querySelector<HTMLElement>(FIELDS) ?? said)?.focus()
  row?.scrollIntoView?.({ block: 'nearest' })
  return said !== null
}

/** Fields that are empty and must not be. `said` is a better sentence than "is required", where there is one. */
export function missing(fields: Fields, keys: readonly string[], kind: string, said = '', at = ''): Problems {
  const empty = keys.filter((key) => bare(fields[key]) === null)
  return Object.fromEntries(
    empty.map((key) => {
      const own = `${said}${key}`
      return [
        `${at}${key}`,
        said !== '' && has(own) ? t(own) : t('errors.field_required', { field: fieldLabel(key, kind) }),
      ]
    }),
  )
}

/** Fields whose text is not what their type asks for. `before` are values not shown in the form. */
export function malformed(fields: Fields, kind: string, at = '', before: Fields = {}): Problems {
  const wrong: Problems = {}
  for (const [key, value] of Object.entries(fields)) {
    const code = typeProblem(fieldOf(key, kind)?.type, key, value)
    if (code !== null) wrong[`${at}${key}`] = t(`errors.${code.code}`, { field: fieldLabel(key, kind), ...code.args })
  }
  if (kind === 'resident') Object.assign(wrong, disagreeing({ ...before, ...fields }, at, wrong))
  return wrong
}

interface Wrong {
  code: string
  args?: Record<string, string | number>
}

function typeProblem(type: string | undefined, key: string, typed: ScalarJson | undefined): Wrong | null {
  const value = bare(typed)
  if (typeof value !== 'string') return null
  if (type === 'phone' && phoneIsWrong(value)) return { code: 'field_bad_phone' }
  if (key === 'birth_on' && value > todayOn()) return { code: 'field_future_date' }
  return null
}

/** The identity number with itself, the birth date and the sex: those of a resident identity card only. */
function disagreeing(fields: Fields, at: string, wrong: Problems): Problems {
  const text = (key: string) => String(bare(fields[key]) ?? '')
  const number = text('id_number')
  if (number === '' || !['', RESIDENT_CARD].includes(text('id_kind'))) return {}
  const say = (code: string, key: string, args = {}) => ({
    [`${at}${key}`]: t(`errors.${code}`, { field: fieldLabel(key, 'resident'), ...args }),
  })
  const problem = idProblem(number)
  if (problem !== null) return say(problem.code, 'id_number', problem.args)
  const { bornOn, sex } = idFacts(number)
  return {
    ...(text('birth_on') !== '' && text('birth_on') !== bornOn && !(`${at}birth_on` in wrong)
      ? say('field_id_birth_differs', 'birth_on')
      : {}),
    ...(['1', '2'].includes(text('sex')) && text('sex') !== sex ? say('field_id_sex_differs', 'sex') : {}),
  }
}

/** The citizen identity card in GA/T 517. */
const RESIDENT_CARD = '111'
