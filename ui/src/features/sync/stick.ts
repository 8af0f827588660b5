// Sticks and bundles in words and shapes.
import type { BundleRow, MediumRow } from '@/ipc/generated/types'
import { has, t } from '@/i18n'
import type { ShapeName, Tone } from '@/shared'
import { count, when } from '@/shared/format'

interface Shown {
  shape: ShapeName
  tone: Tone
}

export function mediumSign(row: MediumRow): Shown {
  switch (row.state) {
    case 'registered':
      return { shape: 'tick', tone: 'two' }
    case 'withdrawn':
      return { shape: 'off', tone: 'orange' }
    case 'not_registered':
      return { shape: 'off', tone: 'grey' }
  }
}

/** What became of a bundle: on its way, answered, or not taken and why. */
export function bundleState(row: BundleRow): Shown & { text: string } {
  const { answer } = row
  if (answer === null) return { shape: 'ring', tone: 'grey', text: t('sync.stick.waits') }
  if (answer.fault !== null) {
    const key = `sync.refusal.${answer.fault}`
    const why = has(key) ? t(key) : t('sync.stick.fault', { code: answer.fault })
    return { shape: 'aside', tone: 'orange', text: why }
  }
  const numbers = { when: when(answer.at), n: count(answer.received), fetched: count(answer.fetched) }
  return { shape: 'got', tone: 'two', text: t('sync.stick.answered', numbers) }
}
