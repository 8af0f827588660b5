import { describe, expect, it } from 'vitest'
import type { BundleRow } from '@/ipc/generated/types'
import { bundleState } from './stick'

const row = (answer: BundleRow['answer']): BundleRow => ({
  bundle: '1',
  at: 0,
  medium: 'U盘 01',
  file: '1.fqout',
  entries: 3,
  bytes: 10,
  answer,
})
const answer = { at: 0, received: 3, set_aside: 0, fetched: 7, fault: null }

describe('a bundle', () => {
  it('waits until its answer is in', () => {
    expect(bundleState(row(null))).toMatchObject({ shape: 'ring', text: '等派出所回应' })
  })
  it('that was answered tells both numbers', () => {
    const state = bundleState(row(answer))
    expect(state.shape).toBe('got')
    expect(state.text).toContain('收 3，取 7')
  })
  it('that was not taken never looks received, and says why', () => {
    const known = bundleState(row({ ...answer, fault: 'token_used' }))
    const strange = bundleState(row({ ...answer, fault: 'code_of_later' }))
    expect([known.shape, strange.shape]).toEqual(['aside', 'aside'])
    expect(known.text).toContain('登记文件')
    expect(strange.text).toContain('code_of_later')
  })
})
