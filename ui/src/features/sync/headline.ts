// The sentence that matters first: what the station has, or why it has nothing yet.
import type { SyncStatus } from '@/ipc/generated/types'
import { has, t } from '@/i18n'
import type { ShapeName, Tone } from '@/shared'
import { bytes, clockOf, count, span, timeOf } from '@/shared/format'

export interface Headline {
  shape: ShapeName
  tone: Tone
  text: string
  hint: string
}

function took(ms: number): string {
  return ms < 60_000 ? t('sync.seconds', { n: Math.max(1, Math.round(ms / 1000)) }) : span(ms / 60_000)
}

function refusal(code: string): string {
  const key = `sync.refusal.${code}`
  return t('sync.refused_hint', { why: has(key) ? t(key) : t('sync.refusal.other', { code }) })
}

/** That this database was restored or copied, until the station has listed it, and for a day after. */
export function succeeded(status: SyncStatus, now: number): string | null {
  const told = status.succession
  if (told === null || (told.settled && now - told.at > 86_400_000)) return null
  const named = { laptop: told.laptop, number: told.number, n: count(told.carried) }
  return t(`sync.succeeded.${told.cause}`, named)
}

export function headline(status: SyncStatus): Headline {
  if (status.refused !== null) {
    return { shape: 'aside', tone: 'orange', text: t('sync.refused'), hint: refusal(status.refused) }
  }
  if (status.running !== null) {
    const { sent, to_send, fetched, to_fetch, bytes_out, bytes_in } = status.running
    return {
      shape: 'dot',
      tone: 'action',
      text: t('sync.running', { sent: count(sent), of: count(to_send) }),
      hint: t('sync.running_hint', {
        fetched: to_fetch === null ? count(fetched) : t('sync.of', { n: count(fetched), of: count(to_fetch) }),
        out: bytes(bytes_out),
        in: bytes(bytes_in),
      }),
    }
  }
  const last = status.last
  if (last === null) {
    return { shape: 'ring', tone: 'grey', text: t('sync.never'), hint: t('sync.never_hint') }
  }
  if (last.outcome === 'unreachable') {
    // No signal is the normal state of the work, not a fault.
    const text =
      status.unsent > 0
        ? t('sync.offline_waiting', { n: count(status.unsent) }, status.unsent)
        : t('sync.offline_nothing')
    return { shape: 'off', tone: 'two', text, hint: t('sync.outcome_hint.unreachable') }
  }
  if (last.outcome === 'refused' && last.detail !== null && has(`sync.refusal.${last.detail}`)) {
    return { shape: 'off', tone: 'orange', text: t('sync.outcome.refused'), hint: refusal(last.detail) }
  }
  if (last.outcome !== 'complete') {
    return {
      shape: 'off',
      tone: 'orange',
      text: t(`sync.outcome.${last.outcome}`),
      hint: t(`sync.outcome_hint.${last.outcome}`),
    }
  }
  if (status.unsent > 0) {
    return {
      shape: 'here',
      tone: 'action',
      text: t('sync.waiting', { n: count(status.unsent) }, status.unsent),
      hint: t('sync.waiting_hint'),
    }
  }
  if (status.set_aside > 0) {
    const n = count(status.received_total)
    const text = t('sync.received_aside', { n, aside: count(status.set_aside) }, status.set_aside)
    return { shape: 'aside', tone: 'orange', text, hint: t('sync.received_aside_hint') }
  }
  if (last.of === 0 && status.received_total === 0) {
    return {
      shape: 'got',
      tone: 'action',
      text: t('sync.nothing_yet'),
      hint: t('sync.received_hint', { time: clockOf(last.at + last.took_ms), took: took(last.took_ms) }),
    }
  }
  return {
    shape: 'got',
    tone: 'action',
    text:
      last.of === 0
        ? t('sync.received_all', { n: count(status.received_total) })
        : t('sync.received', { n: count(last.received), of: count(last.of) }),
    hint: t('sync.received_hint', { time: clockOf(last.at + last.took_ms), took: took(last.took_ms) }),
  }
}

/** When it is tried again without anybody doing anything; null when nothing waits. */
export function nextTry(status: SyncStatus, nowMs: number): string | null {
  const at = status.next_attempt_at
  if (status.running !== null || at === null || at <= nowMs) return null
  const seconds = Math.ceil((at - nowMs) / 1000)
  if (seconds > COUNTED_S) return t('sync.next_attempt', { time: timeOf(at) })
  return t('sync.next_in', { n: seconds }, seconds)
}

/** Longer waits are told by the clock, shorter ones by seconds. */
const COUNTED_S = 120

export { took }
