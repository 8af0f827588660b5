// The time, for words such as "2 小时 14 分": changes twice a minute unless asked for more, stands still between.
import { onUnmounted, ref } from 'vue'

const USUAL_MS = 30_000

export function useNow(everyMs: number = USUAL_MS) {
  const now = ref(Date.now())
  const timer = setInterval(() => (now.value = Date.now()), everyMs)
  onUnmounted(() => clearInterval(timer))
  return now
}
