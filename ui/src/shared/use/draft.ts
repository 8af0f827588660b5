// A form keeps itself: every change is put down as a draft on this laptop within a second, and found again on opening.
import { onUnmounted, ref, shallowRef, watch, type Ref } from 'vue'
import { call } from '@/ipc/client'

const REST_MS = 600

/** Drafts with changes not yet put down; locking waits for them. */
const waiting = new Set<() => Promise<void>>()

/** Puts down every draft at once: before locking or leaving. */
export async function keepAllDrafts(): Promise<void> {
  await Promise.allSettled([...waiting].map((keep) => keep()))
}

export interface Draft {
  /** Instant the draft was last put down, or null when there is none. */
  keptAt: Ref<number | null>
  /** Why the last change could not be put down; null while all is kept. */
  failed: Ref<unknown>
  /** Instant of the draft found on opening, or null. */
  restoredAt: Ref<number | null>
  /** Puts down at once what is in the form. */
  keep(): Promise<void>
  /** Forgets the draft: after saving, or when the officer gives it up. */
  discard(): Promise<void>
  /** Settles when the draft, if any, is in the form. */
  ready: Promise<void>
}

/**
 * Keeps `form` as a draft under `key` (`patrol/new`, `household/<id>`). `form` holds plain JSON.
 * Restoring writes the kept fields over those in the form.
 */
export function useDraft<T extends object>(key: string, form: Ref<T>): Draft {
  const keptAt = ref<number | null>(null)
  const restoredAt = ref<number | null>(null)
  const failed = shallowRef<unknown>(null)
  let timer: ReturnType<typeof setTimeout> | null = null
  let quiet = true

  async function keep() {
    stop()
    try {
      await call('draft_put', { key, json: JSON.stringify(form.value) })
    } catch (error) {
      failed.value = error
      throw error
    }
    failed.value = null
    keptAt.value = Date.now()
  }
  function stop() {
    if (timer !== null) clearTimeout(timer)
    timer = null
    waiting.delete(keep)
  }
  /** Changes made by restoring or clearing are not the officer's; those after the watcher ran are. */
  function quietly() {
    quiet = true
    setTimeout(() => (quiet = false))
  }
  async function discard() {
    stop()
    quietly()
    await call('draft_delete', { key })
    failed.value = null
    keptAt.value = null
    restoredAt.value = null
  }
  async function restore() {
    const found = await call('draft_get', { key })
    if (found.json !== null) {
      form.value = { ...form.value, ...(JSON.parse(found.json) as Partial<T>) }
      keptAt.value = found.at
      restoredAt.value = found.at
    }
    quietly()
  }

  watch(
    form,
    () => {
      if (quiet) return
      stop()
      waiting.add(keep)
      timer = setTimeout(() => void keep().catch(() => undefined), REST_MS)
    },
    { deep: true },
  )
  onUnmounted(() => {
    if (timer !== null) void keep().catch(() => undefined)
  })
  // A draft that cannot be read is no reason not to open the form.
  return { keptAt, failed, restoredAt, keep, discard, ready: restore().catch(quietly) }
}
