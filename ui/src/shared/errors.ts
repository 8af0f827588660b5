// From an error to what the user reads. Every code has a text in both languages; a test holds us to it.
import { has, t } from '@/i18n'
import { AppError, type ErrorArgs } from '@/ipc/error'
import { fieldLabel } from './labels'

export interface SaidError {
  text: string
  /** What is safe and what to do. */
  hint: string | null
  incident: string | null
}

export function errorText(error: unknown): SaidError {
  if (!(error instanceof AppError)) {
    return { text: t('errors.ui_defect'), hint: t('shared.kind.defect'), incident: null }
  }
  const key = `errors.${error.code}`
  const args = wordsOf(error.args)
  const text = has(key) ? t(key, args) : t('errors.unknown', { code: error.code })
  return { text, hint: hint(error, args), incident: error.incident }
}

/** What is wrong with one field, for its row: null when the error is about another. */
export function fieldError(error: unknown, key: string): string | null {
  return error instanceof AppError && error.args.key === key ? errorText(error).text : null
}

function hint(error: AppError, args: Record<string, string>): string | null {
  const own = `errors.${error.code}_hint`
  if (has(own)) return t(own, args)
  return error.kind === 'rejected' ? null : t(`shared.kind.${error.kind}`)
}

/** Arguments as words: a key becomes the name of its field, codes of reasons become reasons. */
function wordsOf(args: ErrorArgs): Record<string, string> {
  const words = Object.fromEntries(Object.entries(args).map(([name, value]) => [name, String(value ?? '')]))
  if (words.key !== undefined) words.field = fieldLabel(words.key)
  if (words.reasons !== undefined) {
    const reasons = words.reasons.split(',').filter(Boolean)
    words.reasons = reasons.map(whyNot).join(t('shared.comma'))
  }
  if (words.reason !== undefined) words.why = refusal(words.reason)
  return words
}

/** Why the station refused, in words. */
function refusal(code: string): string {
  const key = `sync.refusal.${code}`
  return has(key) ? t(key) : t('sync.refusal.other', { code })
}

/** Why a step cannot be taken, in words. */
export function whyNot(code: string): string {
  const key = `shared.why_not.${code.trim()}`
  return has(key) ? t(key) : code
}
