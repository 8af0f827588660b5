// Language, theme, zoom, lock, passphrase, backup, record of access, about.
import type { Feature } from '@/shared'

export { useWornSettings } from './useSettings'

export const feature: Feature = {
  name: 'settings',
  rail: { icon: 'settings', to: '/settings', order: 100, foot: true },
  routes: [{ path: '/settings/:part?', component: () => import('./SettingsScreen.vue') }],
}
