import { expect, it } from 'vitest'
import type { DisputePage, NextStep, Session } from '@/ipc/generated/types'
import { fixOf, nextOf } from './next'
import { timelineOf } from './timeline'

const step = (to: string, ...why_not: string[]): NextStep => ({ to, why_not, needs_reason: false })
const session = (item: string, outcome: string | null, at: number | null = 1): Session => ({
  item,
  kind: 'face_to_face',
  at,
  place: null,
  present: null,
  record: null,
  outcome,
  saved: 'here',
})
const open = (state: string, next: NextStep[], sessions: Session[] = [], fields = {}) => ({
  state,
  next,
  sessions,
  fields,
})
const mediating = [step('agreed', 'no_agreed_session'), step('failed', 'no_failed_session')]

it('the usual step comes first, whatever it still needs', () => {
  const grade = step('graded', 'grade_missing')
  expect(nextOf(open('accepted', [grade, step('withdrawn')]))).toEqual({ kind: 'step', step: grade })
})
it('mediation without an agreement asks for a session, the planned one first', () => {
  expect(nextOf(open('mediating', mediating))).toEqual({ kind: 'session', item: null, nth: 1 })
  const planned = open('mediating', mediating, [session('a', 'failed'), session('b', null)])
  expect(nextOf(planned)).toEqual({ kind: 'session', item: 'b', nth: 2 })
})
it('an agreed session asks for the agreement, two failed police sessions for the end', () => {
  const agreed = [step('agreed', 'agreement_form_missing'), step('failed', 'no_failed_session')]
  expect(nextOf(open('mediating', agreed, [session('a', 'agreed')]))).toEqual({ kind: 'step', step: agreed[0] })
  const failed = [step('agreed', 'no_agreed_session'), step('failed')]
  const twice = [session('a', 'failed'), session('b', 'failed')]
  expect(nextOf(open('mediating', failed, twice, { police_mediation: true }))).toEqual({
    kind: 'step',
    step: failed[1],
  })
  expect(nextOf(open('mediating', failed, twice)).kind).toBe('session')
})
it('a closed case has nothing to do but to be opened again', () => {
  expect(nextOf(open('archived', [step('accepted')]))).toEqual({ kind: 'closed', step: step('accepted') })
})
it('a reason leads to the form where it is put right', () => {
  const page = { parties: [{ item: 'p', minor: true, guardian: null }], sessions: [] } as unknown as DisputePage
  expect(fixOf('grade_missing', page)).toBe('grade')
  expect(fixOf('guardian_missing', page)).toBe('party/p')
  expect(fixOf('no_such_step', page)).toBeNull()
})
it('sessions stand in the middle of the timeline by time, steps in their part', () => {
  const at = (code: string, at: number) => ({ at, kind: 'step', code, officer: null, text: null, outcome: null })
  const rows = timelineOf({
    timeline: [at('found', 1), at('mediating', 2), at('performing', 9)],
    sessions: [session('a', 'failed', 3), session('b', null, null)],
  })
  expect(rows.before.map((row) => row.code)).toEqual(['found'])
  expect(rows.during.map((row) => row.item ?? row.code)).toEqual(['mediating', 'a', 'b'])
  expect(rows.after.map((row) => row.code)).toEqual(['performing'])
})
it('within a minute mediation begins, a session is held, and it ends', () => {
  const at = (code: string, at: number) => ({ at, kind: 'step', code, officer: null, text: null, outcome: null })
  const minute = 60_000
  const rows = timelineOf({
    timeline: [at('agreed', minute + 9), at('mediating', minute + 5)],
    sessions: [session('a', 'agreed', minute)],
  })
  expect(rows.during.map((row) => row.item ?? row.code)).toEqual(['mediating', 'a', 'agreed'])
})
