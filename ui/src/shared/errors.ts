// From an error to what the user reads. Every code has a text in both languages; a test holds us to it.
import { AppError } from '@/ipc/error'
import { has, t } from '@/i18n'

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
  const text = has(key) ? t(key, plain(error.args)) : t('errors.unknown', { code: error.code })
  return { text, hint: hint(error), incident: error.incident }
}

function hint(error: AppError): string | null {
  const own = `errors.${error.code}_hint`
  if (has(own)) return t(own, plain(error.args))
  return error.kind === 'rejected' ? null : t(`shared.kind.${error.kind}`)
}

function plain(args: Record<string, unknown>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
}
