// What nobody caught: said to the officer instead of lost. What he wrote is in drafts; the window goes on.
import type { App } from 'vue'
import type { Router } from 'vue-router'
import { errorText, toast } from '@/shared'

function say(error: unknown): void {
  const said = errorText(error)
  toast(said.text, { tone: 'error', hint: said.hint })
}

export function catchMishaps(app: App, router: Router): void {
  app.config.errorHandler = (error) => {
    say(error)
    // Still seen by whoever has the developer tools open.
    reportError(error)
  }
  router.onError(say)
  window.addEventListener('unhandledrejection', (event) => {
    event.preventDefault()
    say(event.reason)
  })
}
