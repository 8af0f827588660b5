// One timeline of a case: steps and sessions under before, during and after mediation.
import type { DisputePage, SaveState } from '@/ipc/generated/types'

export type Phase = 'before' | 'during' | 'after'

export interface TimeRow {
  key: string
  kind: 'step' | 'session'
  /** State, or kind of the session. */
  code: string
  at: number | null
  who: string | null
  text: string | null
  outcome: string | null
  /** Item of the session. */
  item: string | null
  place: string | null
  saved: SaveState | null
  /** Which session it is, from 1. */
  nth: number
  /** The session is yet to be held. */
  planned: boolean
}

const BEFORE = ['found', 'accepted', 'graded', 'assigned', 'investigating']
const DURING = ['mediating', 'agreed', 'failed']

function phaseOf(code: string): Phase {
  return BEFORE.includes(code) ? 'before' : DURING.includes(code) ? 'during' : 'after'
}

export function timelineOf(page: Pick<DisputePage, 'timeline' | 'sessions'>): Record<Phase, TimeRow[]> {
  const rows: Record<Phase, TimeRow[]> = { before: [], during: [], after: [] }
  page.timeline.forEach((row, place) => {
    if (row.kind !== 'step') return
    rows[phaseOf(row.code)].push({
      key: `step-${place}`,
      kind: 'step',
      code: row.code,
      at: row.at,
      who: row.officer,
      text: row.text,
      outcome: null,
      item: null,
      place: null,
      saved: null,
      nth: 0,
      planned: false,
    })
  })
  page.sessions.forEach((session, place) => {
    rows.during.push({
      key: session.item,
      kind: 'session',
      code: session.kind ?? '',
      at: session.at,
      who: session.present,
      text: session.record,
      outcome: session.outcome,
      item: session.item,
      place: session.place,
      saved: session.saved,
      nth: place + 1,
      planned: session.outcome === null,
    })
  })
  rows.during.sort((a, b) => minuteOf(a) - minuteOf(b) || rankOf(a) - rankOf(b))
  return rows
}

/** Sessions are written to the minute, steps to the millisecond. */
const MINUTE_MS = 60_000
const minuteOf = (row: TimeRow) => (row.at === null ? Number.MAX_SAFE_INTEGER : Math.floor(row.at / MINUTE_MS))
/** Within a minute: mediation begins, a session is held, it ends. */
const rankOf = (row: TimeRow) => (row.kind === 'session' ? 1 : row.code === 'mediating' ? 0 : 2)
