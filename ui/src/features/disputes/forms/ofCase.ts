// What every form on a known case has in common: where its draft is kept, what it was opened on, where it leads back to.
import type { DisputePage } from '@/ipc/generated/types'

/** `part` names the form among those of the case; absent for the form of the case itself. */
export function ofCase(page: DisputePage, part?: string) {
  const back = `/disputes/${page.document}`
  return {
    kind: 'dispute' as const,
    key: ['dispute', page.document, part].filter(Boolean).join('/'),
    document: page.document,
    heads: page.heads,
    back,
    page: () => back,
  }
}
