// The household a form is about, as the search would have found it.
import { computed } from 'vue'
import { useRead } from '@/ipc/query'
import type { Found } from '@/shared'
import { householdName } from './words'

export function useHome(id: () => string | null) {
  const read = useRead('household_open', () => ({ document: id() ?? '' }), { enabled: () => id() !== null })
  const home = computed<Found | null>(() => {
    const page = read.data.value
    if (!page || id() === null) return null
    return { document: page.document, title: householdName(page.head_name), detail: page.address_path.join(' ') }
  })
  /** Nothing has to be waited for any more: it is here, or there is none, or it cannot be read. */
  const known = computed(() => id() === null || home.value !== null || read.error.value !== null)
  return { home, known, error: read.error }
}
