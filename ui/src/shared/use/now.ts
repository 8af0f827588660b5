// The time, for words such as "2 小时 14 分": changes twice a minute, stands still between.
import { onUnmounted, ref } from 'vue'

export function useNow() {
  const now = ref(Date.now())
  const timer = setInterval(() => (now.value = Date.now()), 30_000)
  onUnmounted(() => clearInterval(timer))
  return now
}
