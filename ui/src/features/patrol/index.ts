// Patrols: where, who, how long, what was looked at and what was found.
import type { Feature } from '@/shared'

const id = true

export const feature: Feature = {
  name: 'patrol',
  rail: { icon: 'patrol', to: '/patrol', order: 30 },
  routes: [
    {
      path: '/patrol',
      component: () => import('./PatrolsScreen.vue'),
      children: [
        { path: '', component: () => import('./NothingOpen.vue') },
        { path: 'new', component: () => import('./PatrolForm.vue') },
        { path: ':id', component: () => import('./PatrolScreen.vue'), props: id },
        { path: ':id/edit', component: () => import('./PatrolEdit.vue'), props: id },
      ],
    },
  ],
  create: [{ label: 'patrol.create', icon: 'patrol', to: '/patrol/new', order: 20 }],
  opens: { patrol: (hit) => `/patrol/${hit.document}` },
}
