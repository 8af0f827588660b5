// Identity numbers (GB 11643) and telephone numbers as far as a form can judge them before they are sent. The Rust side
// judges again, with the divisions of the country, and has the last word.
import { todayOn } from './format'

export interface IdProblem {
  code: 'field_id_length' | 'field_id_character' | 'field_id_date' | 'field_id_check_digit'
  args: Record<string, string | number>
}

const LENGTH = 18
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'

/** Full-width digits become half-width, blanks go, `x` becomes `X`. */
function plain(text: string): string {
  return text.normalize('NFKC').replace(/\s/g, '').toUpperCase()
}

/** The first reason why a text is no identity number; null when a form finds none. */
export function idProblem(text: string, today: string = todayOn()): IdProblem | null {
  const number = plain(text)
  const found = [...number].length
  if (found !== LENGTH) return { code: 'field_id_length', args: { found } }
  const foreign = [...number].findIndex((c, at) => !/\d/.test(c) && !(at === LENGTH - 1 && c === 'X'))
  if (foreign >= 0) return { code: 'field_id_character', args: { at: foreign + 1 } }
  const { bornOn } = idFacts(number)
  const day = new Date(`${bornOn}T00:00:00Z`)
  const real = !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === bornOn
  if (!real || bornOn < '1890' || bornOn > today) return { code: 'field_id_date', args: {} }
  const expected = checkOf(number)
  return number.endsWith(expected) ? null : { code: 'field_id_check_digit', args: { expected } }
}

function checkOf(number: string): string {
  const sum = WEIGHTS.reduce((total, weight, at) => total + Number(number[at]) * weight, 0)
  return CHECKS[sum % CHECKS.length] ?? ''
}

/** Birth date and sex (GB/T 2261.1) as a number of the right form says them. */
export function idFacts(text: string): { bornOn: string; sex: '1' | '2' } {
  const number = plain(text)
  const bornOn = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
  return { bornOn, sex: Number(number[16]) % 2 === 1 ? '1' : '2' }
}

/** Not only digits, or a mobile number with a digit too many or too few. What is merely unusual is kept. */
export function phoneIsWrong(text: string): boolean {
  const flat = plain(text)
    .replace(/[—–－‐_转*#]/g, '-')
    .replace(/^(?:\+86|0086|\(\+?86\))-*/, '')
  if (!/^[\d\-().+]*$/.test(flat)) return true
  const digits = flat.replace(/\D/g, '')
  return /^1/.test(digits) && digits.length >= 9 && digits.length <= 13 && digits.length !== 11
}
