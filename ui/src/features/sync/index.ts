// What was sent, what came back, what was set aside.
import type { Feature } from '@/shared'

export { default as OlderNote } from './OlderNote.vue'
export { useSyncNow } from './useSyncNow'

export const feature: Feature = {
  name: 'sync',
  rail: { icon: 'sync', to: '/sync', order: 70 },
  routes: [{ path: '/sync', component: () => import('./SyncScreen.vue') }],
}
