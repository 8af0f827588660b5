// The weekly report: every number opens its rows.
import type { Feature } from '@/shared'

export const feature: Feature = {
  name: 'reports',
  rail: { icon: 'report', to: '/reports', order: 60 },
  routes: [{ path: '/reports/:year?/:week?', component: () => import('./ReportScreen.vue') }],
}
