// Small words made of several fields.
import { has, t } from '@/i18n'
import type { Reason } from '@/ipc/generated/types'

/** A reason for or against a mediator, in words. */
export function reasonText(reason: Reason, gradeOf: (code: string) => string): string {
  const key = `disputes.because.${reason.code}`
  if (!has(key)) return reason.code
  const grade = reason.args.grade
  return t(key, grade === undefined ? reason.args : { ...reason.args, grade: gradeOf(grade) })
}
