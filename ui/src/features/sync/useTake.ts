// Takes the station's answers from a stick: a job with progress; what it brought is told when it has ended.
import { computed, ref, watch } from 'vue'
import { AppError, type WireError } from '@/ipc/error'
import { useRead, useWrite } from '@/ipc/query'
import { useProgress } from '@/shared'

export interface Brought {
  received: number
  set_aside: number
  fetched: number
  again: number
  overtaken: number
}

export function useTake() {
  const begin = useWrite('bundle_take')
  const cancel = useWrite('job_cancel')
  const job = ref<string | null>(null)
  const over = ref(false)
  const progress = useProgress(() => job.value)
  const { data: status } = useRead('job_status', () => ({ job: job.value ?? '' }), {
    enabled: () => job.value !== null && over.value,
  })
  watch(progress, (now) => {
    if (now && now.state !== 'running') over.value = true
  })
  const ended = computed(() => (over.value && status.value?.job === job.value ? status.value : null))

  async function start(path: string): Promise<void> {
    forget()
    const started = await begin.mutateAsync({ path }).catch(() => null)
    job.value = started?.job ?? null
  }
  function forget(): void {
    begin.reset()
    job.value = null
    over.value = false
  }
  return {
    start,
    forget,
    stop: () => job.value !== null && cancel.mutate({ job: job.value }),
    progress,
    running: computed(() => begin.isPending.value || (job.value !== null && ended.value === null)),
    brought: computed(() => (ended.value?.state === 'done' ? (ended.value.result as unknown as Brought) : null)),
    error: computed(
      () => begin.error.value ?? (ended.value?.error ? new AppError(ended.value.error as WireError) : null),
    ),
  }
}
