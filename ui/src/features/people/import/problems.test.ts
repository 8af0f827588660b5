import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { has, setLocale } from '@/i18n'
import { registerColumns } from './columns'
import { byFrequency, columnName, problemName, problemText } from './problems'

const crates = join(import.meta.dirname, '../../../../../crates')
const codesIn = (file: string, form: RegExp) =>
  [...readFileSync(join(crates, file), 'utf8').matchAll(form)].map((match) => match[1] ?? '')

describe('problems of a register', () => {
  it('each have a name in both languages, whatever Rust may say', () => {
    const codes = [
      ...codesIn('domain/src/register/problems.rs', /^ {4}\w+ => "(\w+)"/gm),
      ...codesIn('app/src/import/plan.rs', /Refused::new\(RegisterColumn::\w+, "(\w+)"/g),
      'already_here',
      'perhaps_here',
    ]
    expect(codes.length).toBeGreaterThan(20)
    for (const language of ['zh', 'en'] as const) {
      setLocale(language)
      expect(codes.filter((code) => !has(`people.import.problem.${code}`))).toEqual([])
    }
  })
  it('name every column of a register', () => {
    const columns = codesIn('domain/src/register/columns.rs', /^ {4}\w+ => "(\w+)", /gm)
    expect([...registerColumns].sort()).toEqual(columns.sort())
    expect(columns.filter((column) => columnName(column) === column)).toEqual([])
  })
  it('say what was found', () => {
    const row = (code: string, args: Record<string, string>) => ({ row: 4, column: 'document_number', code, args })
    expect(problemText(row('id_check_digit', { expected: 'X' }))).toContain('应是 X')
    expect(problemText(row('sex_disagrees', { written: '1', by_id: '2' }))).toBe('写的性别是男，证件号里是女')
    expect(problemText(row('phone_doubtful', { warning: 'no_area_code' }))).toBe('电话可疑：没有区号')
    expect(problemText(row('missing', {}))).toBe('没填')
    expect(problemText(row('brand_new', {}))).toBe('brand_new')
  })
  it('come in the order of how often they occur', () => {
    expect(byFrequency({ missing: 2, id_date: 9, too_long: undefined }).map((one) => one.code)).toEqual([
      'id_date',
      'missing',
      'too_long',
    ])
    expect(problemName('missing')).toBe('没填')
  })
})
