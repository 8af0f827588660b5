// Households and who lives in them, visits, and bringing in a village register.
import type { Feature } from '@/shared'

const id = true

export const feature: Feature = {
  name: 'people',
  rail: { icon: 'people', to: '/people', order: 20 },
  routes: [
    { path: '/people/import', component: () => import('./import/ImportScreen.vue') },
    {
      path: '/people',
      component: () => import('./PeopleScreen.vue'),
      children: [
        { path: '', component: () => import('./NothingOpen.vue') },
        { path: 'household/new', component: () => import('./HouseholdNew.vue') },
        { path: 'household/:id', component: () => import('./HouseholdScreen.vue'), props: id },
        { path: 'household/:id/edit', component: () => import('./HouseholdEdit.vue'), props: id },
        { path: 'household/:id/member', component: () => import('./MemberNew.vue'), props: id },
        { path: 'resident/:id', component: () => import('./ResidentScreen.vue'), props: id },
        { path: 'resident/:id/edit', component: () => import('./ResidentEdit.vue'), props: id },
        { path: 'visit/new', component: () => import('./VisitNew.vue') },
        { path: 'visit/:id', component: () => import('./VisitScreen.vue'), props: id },
        { path: 'visit/:id/edit', component: () => import('./VisitEdit.vue'), props: id },
        { path: 'address/:id', component: () => import('./AddressScreen.vue') },
      ],
    },
  ],
  create: [
    { label: 'people.create.visit', icon: 'visit', to: '/people/visit/new', order: 10 },
    { label: 'people.create.household', icon: 'home', to: '/people/household/new', order: 40 },
    { label: 'people.create.import', icon: 'import', to: '/people/import', order: 90 },
  ],
  opens: {
    resident: (hit) => `/people/resident/${hit.document}`,
    household: (hit) => `/people/household/${hit.document}`,
    address: (hit) => `/people/address/${hit.document}?at=${encodeURIComponent(hit.title)}`,
  },
}
