// How the window looks: theme, zoom, and whether it is too narrow to show a list and a record side by side.
// Known to this window at once; settings keep it for next time.
import { computed, reactive, readonly } from 'vue'
import { setLocale, type Locale } from '@/i18n'
import { recall, remember } from './remember'

export type Theme = 'system' | 'light' | 'dark'

export interface Look {
  theme: Theme
  /** Per cent, 80 to 150. */
  zoom: number
  locale: Locale
}

/** Below this width, in units of the page, a list and a record do not fit side by side. */
const SIDE_BY_SIDE_PX = 1100
const KEPT_AS = 'fengqiao.look'
export const zoomSteps = [80, 90, 100, 110, 125, 150] as const

const look = reactive<Look>({ theme: 'system', zoom: 100, locale: 'zh' })
const windowWidth = reactive({ px: 1366 })

function apply() {
  const root = document.documentElement
  const dark = look.theme === 'dark' || (look.theme === 'system' && prefersDark())
  root.dataset.theme = dark ? 'dark' : 'light'
  root.style.setProperty('zoom', String(look.zoom / 100))
  root.style.setProperty('--zoom', String(look.zoom / 100))
  windowWidth.px = window.innerWidth
  setLocale(look.locale)
}

function prefersDark(): boolean {
  return window.matchMedia?.('(prefers-color-scheme: dark)').matches ?? false
}

/** Puts the look of last time on and follows the system and the window. Once, at start-up. */
export function startLook(): void {
  try {
    const kept = JSON.parse(recall(KEPT_AS) ?? '{}') as Partial<Look>
    Object.assign(look, kept)
  } catch {
    // A look that cannot be read is the usual look.
  }
  apply()
  window.matchMedia?.('(prefers-color-scheme: dark)').addEventListener('change', apply)
  window.addEventListener('resize', () => (windowWidth.px = window.innerWidth))
}

export function setLook(change: Partial<Look>): void {
  Object.assign(look, change)
  look.zoom = Math.min(150, Math.max(80, Math.round(look.zoom)))
  remember(KEPT_AS, JSON.stringify(look))
  apply()
}

export function useLook() {
  const narrow = computed(() => windowWidth.px / (look.zoom / 100) < SIDE_BY_SIDE_PX)
  return { look: readonly(look), narrow }
}
