// Locks after the minutes chosen in the settings without a key or the mouse. Sleeping counts: time is compared, not counted.
import { onMounted, onUnmounted } from 'vue'
import { useRead } from '@/ipc/query'
import { useSession } from './session'

const LOOK_MS = 10_000
const USUAL_MINUTES = 10
const SIGNS_OF_LIFE = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const

export function useAutoLock(): void {
  const session = useSession()
  const { data: settings } = useRead('settings_get', {})
  let lastSign = Date.now()
  let timer: ReturnType<typeof setInterval> | undefined

  function sign() {
    lastSign = Date.now()
  }
  function look() {
    const minutes = settings.value?.auto_lock_minutes ?? USUAL_MINUTES
    if (Date.now() - lastSign >= minutes * 60_000) {
      sign()
      void session.lock()
    }
  }
  onMounted(() => {
    for (const name of SIGNS_OF_LIFE) window.addEventListener(name, sign, { passive: true })
    timer = setInterval(look, LOOK_MS)
  })
  onUnmounted(() => {
    for (const name of SIGNS_OF_LIFE) window.removeEventListener(name, sign)
    clearInterval(timer)
  })
}
