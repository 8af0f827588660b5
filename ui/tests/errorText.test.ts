import { expect, it } from 'vitest'
import { setLocale } from '@/i18n'
import { AppError } from '@/ipc/error'
import { errorText, fieldError } from '@/shared'

const tooLong = new AppError({ code: 'field_too_long', args: { key: 'name', max: '50' }, kind: 'rejected' })

it('a field is called by its name in the language shown', () => {
  expect(errorText(tooLong).text).toContain('太长，最多 50 个字')
  expect(errorText(tooLong).text).not.toContain('{field}')
  setLocale('en')
  expect(errorText(tooLong).text).toContain('at most 50 characters')
})

it('an error stands at its field and at no other', () => {
  expect(fieldError(tooLong, 'name')).toBe(errorText(tooLong).text)
  expect(fieldError(tooLong, 'phone')).toBeNull()
  expect(fieldError(null, 'name')).toBeNull()
})

it('every reason why a step is not possible is said', () => {
  const error = new AppError({
    code: 'step_not_possible',
    args: { to: 'graded', reasons: 'title_missing,grade_missing' },
    kind: 'rejected',
  })
  expect(errorText(error).text).toBe('还不能走这一步：没写事由、没定级')
})

it('a defect shows the number to tell the administrator', () => {
  const error = new AppError({ code: 'defect', args: {}, kind: 'defect', incident: 'INC-7' })
  expect(errorText(error)).toMatchObject({ text: '程序出了错', incident: 'INC-7' })
  expect(errorText(error).hint).toContain('已写下的都在')
})

it('a code nobody knows is still said, with the code', () => {
  expect(errorText(new AppError({ code: 'brand_new', args: {}, kind: 'rejected' })).text).toContain('brand_new')
})

it('what is not an error of ours is a fault of the screen', () => {
  expect(errorText(new TypeError('x')).text).toBe('界面出了错')
})
