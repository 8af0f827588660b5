// Messages in Chinese (default) and English, one file per feature: zh/<feature>.json is reached as `<feature>.<key>`.
// They are compiled at build time; nothing is evaluated at run time.
import { createI18n } from 'vue-i18n'

export type Locale = 'zh' | 'en'

type Messages = Record<string, Record<string, unknown>>

function gather(files: Record<string, unknown>): Messages {
  const found: Messages = {}
  for (const [path, messages] of Object.entries(files)) {
    const name = /([^/]+)\.json$/.exec(path)?.[1]
    if (name) found[name] = messages as Record<string, unknown>
  }
  return found
}

const zh = gather(import.meta.glob('./zh/*.json', { eager: true, import: 'default' }))
const en = gather(import.meta.glob('./en/*.json', { eager: true, import: 'default' }))

export const i18n = createI18n({
  legacy: false,
  locale: 'zh',
  fallbackLocale: 'zh',
  missingWarn: import.meta.env.DEV,
  fallbackWarn: import.meta.env.DEV,
  messages: { zh, en } as never,
})

interface Composer {
  t(key: string, named?: Record<string, unknown>, plural?: number): string
  te(key: string): boolean
  locale: { value: Locale }
}
const composer = i18n.global as unknown as Composer

/** The text of a key. A number as third argument chooses between `one | many`. */
export function t(key: string, named: Record<string, unknown> = {}, plural?: number): string {
  return plural === undefined ? composer.t(key, named) : composer.t(key, named, plural)
}

/** Whether a key has a text in the language now shown. */
export function has(key: string): boolean {
  return composer.te(key)
}

export function locale(): Locale {
  return composer.locale.value
}

export function setLocale(to: Locale): void {
  composer.locale.value = to
  document.documentElement.lang = to === 'zh' ? 'zh-CN' : 'en'
}
