// Starts an exchange with the station; what becomes of it is told by events and read again.
import { useWrite } from '@/ipc/query'
import { errorText, toast } from '@/shared'

export function useSyncNow() {
  const start = useWrite('sync_now')
  const cancel = useWrite('sync_cancel')
  const said = { onError: (error: unknown) => toast(errorText(error).text, { tone: 'error' }) }
  return {
    start: () => start.mutate({}, said),
    cancel: () => cancel.mutate({}, said),
  }
}
