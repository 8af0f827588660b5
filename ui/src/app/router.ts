// Addresses of the window, behind '#': they never leave it.
import { createRouter, createWebHashHistory } from 'vue-router'
import { features, home } from './features'

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    ...features.flatMap((feature) => feature.routes),
    ...(home === '/' ? [] : [{ path: '/', redirect: home }]),
    { path: '/:rest(.*)*', redirect: home },
  ],
})
