// Every test starts in Chinese with a fresh document.
import { config } from '@vue/test-utils'
import { afterEach, beforeEach } from 'vitest'
import { i18n, setLocale } from '@/i18n'

config.global.plugins = [i18n]

beforeEach(() => setLocale('zh'))
afterEach(() => {
  document.body.replaceChildren()
})
