import { describe, expect, it } from 'vitest'
import type { SyncOutcome, SyncRun, SyncStatus } from '@/ipc/generated/types'
import { t } from '@/i18n'
import { headline, nextTry, succeeded } from './headline'
import { olderToCome } from './older'
import { folded } from './runs'

const run = (at: number, outcome: SyncOutcome): SyncRun => ({
  at,
  took_ms: 1000,
  outcome,
  received: 0,
  of: 0,
  fetched: 0,
  bytes_out: 10,
  bytes_in: 1,
  detail: null,
})
const status = (part: Partial<SyncStatus>): SyncStatus => ({
  connectivity: 'offline',
  station_urls: [],
  unsent: 0,
  received_today: 0,
  received_total: 5,
  set_aside: 0,
  set_aside_acts: 0,
  fetched_today: 0,
  directory_version: 1,
  directory_at: null,
  running: null,
  last: run(0, 'unreachable'),
  next_attempt_at: null,
  certified: true,
  refused: null,
  left: [],
  older: [],
  succession: null,
  ...part,
})

describe('attempts', () => {
  it('a failure over and over is one line with its count and its bytes', () => {
    const lines = folded([run(5, 'unreachable'), run(4, 'unreachable'), run(3, 'complete'), run(2, 'unreachable')])
    expect(lines.map((line) => [line.last.outcome, line.times, line.firstAt, line.bytesOut])).toEqual([
      ['unreachable', 2, 4, 20],
      ['complete', 1, 3, 10],
      ['unreachable', 1, 2, 10],
    ])
  })
  it('exchanges that carried something stay apart', () => {
    const carried = (at: number) => ({ ...run(at, 'complete'), received: 3, of: 3 })
    expect(folded([carried(2), carried(1)])).toHaveLength(2)
  })
  it('exchanges that had nothing to carry are one line with its count, and do not reach over one that had', () => {
    const fetched = { ...run(3, 'complete'), fetched: 7 }
    const lines = folded([run(5, 'complete'), run(4, 'complete'), fetched, run(2, 'complete'), run(1, 'complete')])
    expect(lines.map((line) => [line.last.at, line.times, line.firstAt])).toEqual([
      [5, 2, 4],
      [3, 1, 3],
      [2, 2, 1],
    ])
  })
})

describe('the headline', () => {
  it('without a signal says what waits, not that something is wrong', () => {
    const head = headline(status({ unsent: 12 }))
    expect(head.text).toBe('没有信号，12 条待上报')
    expect(head.tone).toBe('two')
  })
  it('what was set aside is never told as all received', () => {
    const head = headline(status({ last: run(0, 'complete'), set_aside: 2 }))
    expect(head.text).toBe('派出所已收 5 条，搁置 2 条')
    expect(head.shape).toBe('aside')
  })
  it('while running tells entries and bytes both ways', () => {
    const running = { sent: 3, to_send: 9, fetched: 20, to_fetch: 40, bytes_out: 2048, bytes_in: 512 }
    const head = headline(status({ running }))
    expect(head.text).toContain('3 / 9')
    expect(head.hint).toContain('20 / 40')
    expect(head.hint).toContain('2 KB')
  })
})

describe('a first sync', () => {
  it('tells what is still to come over all cells, and by cell', () => {
    const cells = [
      { cell: 'WG-01', name: '一网格', entries: 40 },
      { cell: '', name: '', entries: 2 },
    ]
    expect(olderToCome(cells)).toEqual({ n: 42, where: '一网格 40 条、全所 2 条' })
    expect(olderToCome([]).n).toBe(0)
  })
})

describe('the next attempt', () => {
  it('is counted in seconds when near, told by the clock when far, and not told while one runs', () => {
    expect(nextTry(status({ next_attempt_at: 45_000 }), 0)).toBe('45 秒后自动再试')
    expect(nextTry(status({ next_attempt_at: 600_000 }), 0)).toBe('08:10 自动再试')
    expect(nextTry(status({ next_attempt_at: 1000 }), 2000)).toBeNull()
    expect(nextTry(status({ next_attempt_at: null }), 0)).toBeNull()
  })
})

describe('a copied disk', () => {
  const told = { at: 1000, cause: 'copy' as const, laptop: 'QF-07', number: '0198a3f2', carried: 12, settled: true }
  it('is told for a day, and as long as the station has not listed it', () => {
    const day = 86_400_000
    expect(succeeded(status({ succession: told }), told.at + day)).toContain('0198a3f2')
    expect(succeeded(status({ succession: told }), told.at + day + 1)).toBeNull()
    expect(succeeded(status({ succession: { ...told, settled: false } }), told.at + 9 * day)).toContain('12')
    expect(succeeded(status({}), 0)).toBeNull()
  })
  it('that waits for somebody at the station says so', () => {
    const frozen = { ...run(1, 'refused'), detail: 'replica_frozen' }
    const told = headline(status({ last: frozen, next_attempt_at: 60_000 }))
    expect(told.hint).toContain(t('sync.refusal.replica_frozen'))
    const later = { ...run(1, 'refused'), detail: 'code_of_later' }
    expect(headline(status({ last: later })).hint).toBe(t('sync.outcome_hint.refused'))
  })
  it('that the station refuses says why', () => {
    const why = ['predecessor_unknown', 'replica_revoked', 'code_of_later'].map(
      (refused) => headline(status({ refused })).hint,
    )
    expect(new Set(why).size).toBe(3)
    expect(why[2]).toContain('code_of_later')
  })
})
