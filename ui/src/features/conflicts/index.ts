// Fields two people wrote without knowing of each other: seen side by side, settled here, offline.
import type { Feature } from '@/shared'

export const feature: Feature = {
  name: 'conflicts',
  routes: [{ path: '/conflicts/:id?', component: () => import('./ConflictScreen.vue'), meta: { room: 'sync' } }],
}
