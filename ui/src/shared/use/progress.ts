// Long work (import, rebuild, first sync, export): how far it is, from the events of the Rust side.
import { onUnmounted, ref, toValue, watch, type MaybeRefOrGetter } from 'vue'
import { onHostEvent } from '@/ipc/client'
import type { HostEvent } from '@/ipc/transport'

export type ProgressEvent = Extract<HostEvent, { type: 'progress' }>

/**
 * The newest progress of one job; null before the first. While `job` is null the newest of any job is remembered, so
 * nothing is missed between starting a job and learning its name.
 */
export function useProgress(job: MaybeRefOrGetter<string | null>) {
  const progress = ref<ProgressEvent | null>(null)
  const heard = new Map<string, ProgressEvent>()
  const stop = onHostEvent((event) => {
    if (event.type !== 'progress') return
    heard.set(event.job, event)
    if (event.job === toValue(job)) progress.value = event
  })
  watch(
    () => toValue(job),
    (name) => (progress.value = name === null ? null : (heard.get(name) ?? null)),
  )
  onUnmounted(stop)
  return progress
}
