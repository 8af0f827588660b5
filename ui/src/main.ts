// Starts the interface: look, keys, queries, messages, then the shell.
// The token is taken out of the address before the router, made when it is imported, reads it.
import './ipc/begin'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './app/App.vue'
import { catchMishaps } from './app/mishaps'
import './app/tokens.css'
import './app/parts.css'
import './app/marks.css'
import { router } from './app/router'
import { i18n } from './i18n'
import { makeQueryClient, refreshOnEvents } from './ipc/query'
import { watchComposing } from './shared/use/composing'
import { startLook } from './shared/use/look'
import { watchShortcuts } from './shared/use/shortcuts'

startLook()
watchComposing()
watchShortcuts()

const queries = makeQueryClient()
refreshOnEvents(queries)

const app = createApp(App).use(createPinia()).use(i18n).use(VueQueryPlugin, { queryClient: queries }).use(router)
catchMishaps(app, router)
app.mount('#app')
