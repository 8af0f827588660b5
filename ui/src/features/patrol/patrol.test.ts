import { expect, it } from 'vitest'
import { crewChoices, crewOf, withName, withOfficer } from './crew'
import { minutesOf, sumsOf, withoutEmpty } from './findings'
import { endAfter } from './times'

const zhou = { id: 'o1', name: '周远山', role: 'officer' as const }
const chen = { id: 'o2', name: '陈小满', role: 'auxiliary' as const }

it('an officer of the station is added under his own id, with what he is', () => {
  const crew = crewOf(withOfficer({}, chen))
  expect(crew).toEqual([{ item: 'o2', name: '陈小满', kind: 'auxiliary', officer: 'o2' }])
})
it('an officer taken out and added again stands once', () => {
  const out = { ...withOfficer({}, zhou), 'crew/o1/_gone': true }
  expect(crewOf(withOfficer(out, zhou))).toHaveLength(1)
})
it('a name of nobody in the station is offered as each kind', () => {
  expect(crewChoices([zhou, chen], [], '').map((one) => one.key)).toEqual(['o1', 'o2'])
  expect(crewChoices([zhou, chen], [], '卫长庚').map((one) => one.kind)).toEqual([
    'volunteer',
    'grid_worker',
    'auxiliary',
    'officer',
  ])
  expect(crewChoices([zhou, chen], crewOf(withOfficer({}, zhou)), '')).toHaveLength(1)
  expect(crewOf(withName({}, 'x', ' 卫长庚 ', 'volunteer'))[0]).toMatchObject({ name: '卫长庚', officer: null })
})
it('findings are counted by what they are, empty rows are not sent', () => {
  const values = {
    'findings/a/what': '堆物',
    'findings/a/hazard': true,
    'findings/b/what': '钱包',
    'findings/c/hazard': true,
  }
  expect(sumsOf(values)).toEqual({ all: 2, hazards: 1 })
  expect(Object.keys(withoutEmpty(values))).toEqual(['findings/a/what', 'findings/a/hazard', 'findings/b/what'])
})
it('a patrol takes minutes only when it ends after it began', () => {
  expect(minutesOf(0, 80 * 60_000)).toBe(80)
  expect(minutesOf(80, 80)).toBeNull()
  expect(minutesOf(null, 80)).toBeNull()
})
it('an end earlier than the start is on the next day', () => {
  const day = 24 * 3_600_000
  expect(endAfter('2026-11-20', '22:00', '01:30')).toBe(Date.parse('2026-11-20T17:30:00Z'))
  expect(endAfter('2026-11-20', '08:20', '09:40')).toBe(Date.parse('2026-11-20T01:40:00Z'))
  expect(endAfter('2026-11-20', '08:20', '08:20')).toBe(Date.parse('2026-11-20T00:20:00Z') + day)
  expect(endAfter(null, '08:20', '09:40')).toBeNull()
})
