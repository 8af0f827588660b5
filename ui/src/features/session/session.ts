// Who is at work. One answer of the Rust side, read by the shell and by every screen that needs the officer or his cells.
import { useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { call } from '@/ipc/client'
import { useRead } from '@/ipc/query'
import { keepAllDrafts } from '@/shared'

export function useSession() {
  const client = useQueryClient()
  const read = useRead('session_status', {})

  /** The unlocked officer's replica; null while locked. */
  const current = computed(() => read.data.value?.current ?? null)

  async function again(): Promise<void> {
    await read.refetch()
  }
  /** After enrolling, unlocking or restoring: nothing read before counts any more. */
  async function entered(): Promise<void> {
    await client.resetQueries()
  }
  /** Locks now. Drafts are put down first, then what was on screen is forgotten. */
  async function lock(): Promise<void> {
    await keepAllDrafts()
    await call('lock', {})
    await client.resetQueries()
  }
  /** How an officer is called, by id. */
  function officerName(id: string): string {
    return current.value?.officers.find((officer) => officer.id === id)?.name ?? id
  }
  /** How a cell is called, by code. */
  function cellName(code: string): string {
    return current.value?.cells.find((cell) => cell.code === code)?.name ?? code
  }
  return { status: read.data, error: read.error, current, again, entered, lock, officerName, cellName }
}
