// A window on a keyset list: rows near the eye are held, far ones dropped, whatever the length of the list.
// Pages can only be reached forwards from a known cursor, so cursors met on the way are remembered.
import { shallowReactive } from 'vue'

export interface PageAsk {
  after: string | null
  limit: number
}
export interface PageGot<T> {
  rows: T[]
  next: string | null
}
export type PageLoader<T> = (ask: PageAsk) => Promise<PageGot<T>>

/** Rows asked for at once; the most the commands give. */
export const PAGE_ROWS = 200
/** Rows held on either side of the eye. */
const KEPT_ROWS = 1000
/** Beyond this row a reload does not walk from the top again. */
const DEEP_ROWS = 2000

export interface RowWindow<T> {
  /** Rows held now, by index from 0. */
  rows: Map<number, T>
  /** Rows met so far, or all of them once the end was seen. */
  state: { met: number; ended: boolean; loading: boolean; error: unknown }
  /** Makes sure rows `first..=last` are held, loading forwards as needed. */
  show(first: number, last: number): Promise<void>
  /** Reads again what is in view, keeping the old rows on screen until the new ones are here. */
  reload(): Promise<void>
  /** Forgets everything: another filter or order. */
  reset(): void
  /** The cursors known, by the row they stand before. */
  cursors(): Map<number, string | null>
}

export function rowWindow<T>(load: PageLoader<T>, known?: Map<number, string | null>): RowWindow<T> {
  const rows = shallowReactive(new Map<number, T>())
  const state = shallowReactive({ met: 0, ended: false, loading: false, error: null as unknown })
  let cursors = known ?? new Map<number, string | null>([[0, null]])
  let wanted = { first: 0, last: 0 }
  let generation = 0
  let running: Promise<void> | null = null

  function missingFrom(): number | null {
    const last = state.ended ? Math.min(wanted.last, state.met - 1) : wanted.last
    for (let index = wanted.first; index <= last; index += 1) {
      if (!rows.has(index)) return index
    }
    return null
  }

  function nearestCursor(index: number): { offset: number; after: string | null } {
    let offset = 0
    for (const known of cursors.keys()) if (known <= index && known > offset) offset = known
    return { offset, after: cursors.get(offset) ?? null }
  }

  function forget() {
    for (const index of [...rows.keys()]) {
      if (index < wanted.first - KEPT_ROWS || index > wanted.last + KEPT_ROWS) rows.delete(index)
    }
  }

  async function loadOne(index: number, mine: number): Promise<boolean> {
    const { offset, after } = nearestCursor(index)
    const got = await load({ after, limit: PAGE_ROWS })
    if (mine !== generation) return false
    got.rows.forEach((row, place) => rows.set(offset + place, row))
    const end = offset + got.rows.length
    state.met = Math.max(state.met, end)
    if (got.next === null || got.rows.length === 0) {
      state.ended = true
      state.met = end
    } else {
      cursors.set(end, got.next)
    }
    forget()
    return true
  }

  async function work(mine: number) {
    state.loading = true
    state.error = null
    try {
      for (let index = missingFrom(); index !== null; index = missingFrom()) {
        if (!(await loadOne(index, mine))) return
      }
    } catch (error) {
      if (mine === generation) state.error = error
    } finally {
      if (mine === generation) state.loading = false
    }
  }

  function show(first: number, last: number): Promise<void> {
    wanted = { first: Math.max(0, first), last: Math.max(0, last) }
    if (missingFrom() === null) return Promise.resolve()
    if (running === null) {
      const mine: Promise<void> = work(generation).finally(() => {
        if (running === mine) running = null
      })
      running = mine
    }
    return running
  }

  async function reload(): Promise<void> {
    generation += 1
    running = null
    // Deep in the list the old cursors still stand at their rows, give or take a few that came or went.
    const fresh = rowWindow(load, wanted.first > DEEP_ROWS ? new Map(cursors) : undefined)
    const mine = generation
    await fresh.show(wanted.first, wanted.last)
    if (mine !== generation) return
    if (fresh.state.error) {
      state.error = fresh.state.error
      return
    }
    rows.clear()
    fresh.rows.forEach((row, index) => rows.set(index, row))
    cursors = fresh.cursors()
    Object.assign(state, fresh.state)
  }

  function reset() {
    generation += 1
    running = null
    rows.clear()
    cursors = new Map([[0, null]])
    wanted = { first: 0, last: 0 }
    Object.assign(state, { met: 0, ended: false, loading: false, error: null })
  }

  return { rows, state, show, reload, reset, cursors: () => cursors }
}
