// Long work (import, rebuild, first sync, export): how far it is, from the events of the Rust side.
import { onUnmounted, ref } from 'vue'
import { onHostEvent } from '@/ipc/client'
import type { HostEvent } from '@/ipc/transport'

export type ProgressEvent = Extract<HostEvent, { type: 'progress' }>

/** The newest progress of jobs whose name starts with `job`; null before the first. */
export function useProgress(job: string) {
  const progress = ref<ProgressEvent | null>(null)
  const stop = onHostEvent((event) => {
    if (event.type === 'progress' && event.job.startsWith(job)) progress.value = event
  })
  onUnmounted(stop)
  return progress
}
