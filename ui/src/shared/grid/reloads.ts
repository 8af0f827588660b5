// Reads a list again shortly after a change that touches it.
import { onUnmounted } from 'vue'
import { onHostEvent, type Tag } from '@/ipc/client'
import { anyTouches } from '@/ipc/tags'

const REST_MS = 150

export function useReloads(tags: () => readonly Tag[], reload: () => void): void {
  let rest: ReturnType<typeof setTimeout> | null = null
  const stop = onHostEvent((event) => {
    const old = event.type === 'resumed' || (event.type === 'changed' && anyTouches(tags(), event.tags))
    if (!old) return
    if (rest !== null) clearTimeout(rest)
    rest = setTimeout(reload, REST_MS)
  })
  onUnmounted(() => {
    stop()
    if (rest !== null) clearTimeout(rest)
  })
}
