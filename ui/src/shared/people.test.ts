import { describe, expect, it } from 'vitest'
import { idFacts, idProblem, phoneIsWrong } from './people'

const TODAY = '2026-11-19'

describe('identity numbers', () => {
  it.each([
    ['33068119900307123X', 'field_id_check_digit'],
    ['3306811990030712', 'field_id_length'],
    ['33068119900A071236', 'field_id_character'],
    ['330681199002301236', 'field_id_date'],
    ['330681202703071236', 'field_id_date'],
  ])('%s is refused: %s', (number, code) => {
    expect(idProblem(number, TODAY)?.code).toBe(code)
  })

  it('the check character it should have makes it right, in full width and lower case too', () => {
    const wrong = idProblem('330681199003071230', TODAY)
    const right = `33068119900307123${wrong?.args.expected}`
    expect(idProblem(right, TODAY)).toBeNull()
    expect(idProblem(` ${right.toLowerCase().replace('33', '３３')} `, TODAY)).toBeNull()
    expect(idFacts(right)).toEqual({ bornOn: '1990-03-07', sex: '1' })
  })
})

describe('telephone numbers', () => {
  it.each(['13800005127', '１３８ 0000 5127', '+86-138-0000-5127', '0575-87651234', '87651234', '661234', ''])(
    '%s passes',
    (text) => expect(phoneIsWrong(text)).toBe(false),
  )
  it.each(['138000051271', '1380000512', '不知道', '138x0005127'])('%s is refused', (text) => {
    expect(phoneIsWrong(text)).toBe(true)
  })
})
