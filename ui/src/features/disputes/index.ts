// Disputes from being found to being filed: the case, its clocks, its people, its sessions; the mediator register.
import type { Feature } from '@/shared'

const id = true

export const feature: Feature = {
  name: 'disputes',
  rail: { icon: 'dispute', to: '/disputes', order: 40 },
  routes: [
    {
      path: '/disputes',
      component: () => import('./DisputesScreen.vue'),
      children: [
        { path: '', component: () => import('./NothingOpen.vue') },
        { path: 'new', component: () => import('./forms/CaseNew.vue') },
        { path: 'mediators', component: () => import('./mediators/MediatorsScreen.vue') },
        { path: 'mediators/new', component: () => import('./mediators/MediatorForm.vue') },
        { path: 'mediators/:id', component: () => import('./mediators/MediatorEdit.vue'), props: id },
        { path: ':id', component: () => import('./CaseScreen.vue'), props: id },
        { path: ':id/:form/:item?', component: () => import('./forms/CaseForm.vue'), props: id },
      ],
    },
  ],
  create: [{ label: 'disputes.create', icon: 'dispute', to: '/disputes/new', order: 30 }],
  opens: {
    dispute: (hit) => `/disputes/${hit.document}`,
    mediator: (hit) => `/disputes/mediators/${hit.document}`,
  },
}
