// Where a refused act is written again: the form of the record it changed, or a new one when the record itself was refused.
import { call } from '@/ipc/client'
import type { SetAsideRecord } from '@/ipc/generated/types'

interface Way {
  there: (document: string) => Promise<unknown>
  edit: string
  create: string | null
}

const ways: Record<string, Way> = {
  household: {
    there: (document) => call('household_open', { document }),
    edit: '/people/household/:id/edit',
    create: null,
  },
  resident: {
    there: (document) => call('resident_open', { document }),
    edit: '/people/resident/:id/edit',
    create: null,
  },
  visit: {
    there: (document) => call('visit_open', { document }),
    edit: '/people/visit/:id/edit',
    create: '/people/visit/new',
  },
  patrol: { there: (document) => call('patrol_open', { document }), edit: '/patrol/:id/edit', create: '/patrol/new' },
  dispute: {
    there: (document) => call('dispute_open', { document }),
    edit: '/disputes/:id/edit',
    create: '/disputes/new',
  },
}

/** The form with the refused values in it; null when there is none for any of the records. */
export async function placeOf(records: readonly SetAsideRecord[]): Promise<string | null> {
  for (const { kind, document } of records) {
    const way = ways[kind]
    if (!way) continue
    const there = await way.there(document).then(
      () => true,
      () => false,
    )
    const path = there ? way.edit.replace(':id', document) : way.create
    if (path !== null) return `${path}?again=${document}`
  }
  return null
}

/** Where a record can be looked at as it stands without the refused part. */
export function pageOf({ kind, document }: SetAsideRecord): string | null {
  const pages: Record<string, string> = {
    household: `/people/household/${document}`,
    resident: `/people/resident/${document}`,
    visit: `/people/visit/${document}`,
    patrol: `/patrol/${document}`,
    dispute: `/disputes/${document}`,
    mediator: `/disputes/mediators/${document}`,
  }
  return pages[kind] ?? null
}
