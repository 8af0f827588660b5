// What to do next in a case: take a step, put right what keeps it back, or hold a session. Plain, so that tests show it.
import type { DisputePage, NextStep } from '@/ipc/generated/types'

/** Forms of a case, by the name in the address. */
export type Place =
  | 'edit'
  | 'grade'
  | 'mediators'
  | 'party'
  | 'police'
  | 'session'
  | 'agreement'
  | 'performance'
  | 'confirmation'
  | 'revisit'
  | 'receiver'

/** Where each reason can be put right. */
const places: Record<string, Place> = {
  title_missing: 'edit',
  category_missing: 'edit',
  grade_missing: 'grade',
  grade_out_of_range: 'grade',
  grade_reason_missing: 'grade',
  mediator_missing: 'mediators',
  parties_too_few: 'party',
  guardian_missing: 'party',
  police_mediation_barred: 'police',
  police_mediation_spent: 'police',
  no_agreed_session: 'session',
  no_failed_session: 'session',
  agreement_form_missing: 'agreement',
  agreement_terms_missing: 'agreement',
  not_performed: 'performance',
  confirmation_not_filed: 'confirmation',
  not_revisited: 'revisit',
  rating_missing: 'revisit',
  receiver_missing: 'receiver',
}

export function placeOf(why: string): Place | null {
  return places[why] ?? null
}

/** The address below `/disputes/<id>/` where a reason is put right. A missing guardian opens that party. */
export function fixOf(why: string, page: Pick<DisputePage, 'parties' | 'sessions'>): string | null {
  const place = placeOf(why)
  if (why === 'guardian_missing') {
    const alone = page.parties.find((party) => party.minor && !party.guardian)
    if (alone) return `party/${alone.item}`
  }
  if (place === 'session') {
    const planned = plannedSession(page)
    return planned === null ? 'session' : `session/${planned}`
  }
  return place
}

/** A session that was fixed and has no outcome yet. */
export function plannedSession(page: Pick<DisputePage, 'sessions'>): string | null {
  return page.sessions.find((session) => session.outcome === null)?.item ?? null
}

export type Next =
  | { kind: 'session'; item: string | null; nth: number }
  | { kind: 'step'; step: NextStep }
  | { kind: 'closed'; step: NextStep | null }

type Seen = Pick<DisputePage, 'state' | 'next' | 'sessions' | 'fields'>
const CLOSED = ['archived', 'referred', 'withdrawn', 'to_court', 'penalty_case', 'escalated']
/** Police mediation may be tried twice, by the procedural rules, article 183. */
const POLICE_SESSIONS = 2

/** The one thing to do next. */
export function nextOf(page: Seen): Next {
  if (CLOSED.includes(page.state)) return { kind: 'closed', step: page.next[0] ?? null }
  const step = (to: string) => page.next.find((one) => one.to === to)
  if (page.state === 'mediating') {
    const failed = page.sessions.filter((session) => session.outcome === 'failed').length
    const spent = page.fields.police_mediation === true && failed >= POLICE_SESSIONS
    const agreed = step('agreed')
    const settled = agreed !== undefined && !agreed.why_not.includes('no_agreed_session')
    const chosen = settled ? agreed : spent ? step('failed') : undefined
    if (chosen) return { kind: 'step', step: chosen }
    const item = plannedSession(page)
    const done = page.sessions.filter((session) => session.outcome !== null).length
    return { kind: 'session', item, nth: done + 1 }
  }
  const first = page.next[0]
  return first ? { kind: 'step', step: first } : { kind: 'closed', step: null }
}

/** Fields that are asked for after an agreement, by state. */
export function duePlaces(state: string): Place[] {
  switch (state) {
    case 'agreed':
      return ['agreement']
    case 'performing':
      return ['agreement', 'performance', 'confirmation']
    case 'confirmation':
      return ['agreement', 'confirmation', 'performance']
    case 'revisit':
    case 'rated':
    case 'archived':
      return ['agreement', 'performance', 'revisit']
    default:
      return []
  }
}
