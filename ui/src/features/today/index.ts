// What is due, and the shift so far.
import type { Feature } from '@/shared'

export const feature: Feature = {
  name: 'today',
  rail: { icon: 'today', to: '/today', order: 10 },
  routes: [{ path: '/today', component: () => import('./TodayScreen.vue') }],
}
