// The settings of this officer on this laptop. A change shows at once and is kept by the Rust side.
import { watch } from 'vue'
import type { Settings } from '@/ipc/generated/types'
import { useRead, useWrite } from '@/ipc/query'
import { errorText, setLook, toast } from '@/shared'

export function useSettings() {
  const { data, error } = useRead('settings_get', {})
  const save = useWrite('settings_set')

  async function change(part: Partial<Settings>): Promise<void> {
    if (!data.value) return
    const next: Settings = { ...data.value, ...part }
    wear(next)
    try {
      await save.mutateAsync(next)
    } catch (thrown) {
      wear(data.value)
      toast(errorText(thrown).text, { tone: 'error', hint: errorText(thrown).hint })
    }
  }
  return { settings: data, error, change }
}

/** Puts on the look the settings hold. */
export function wear(settings: Settings): void {
  setLook({ theme: settings.theme, zoom: settings.zoom_percent, locale: settings.language })
}

/** Wears what was kept whenever the settings are read: after unlocking another officer's replica, for one. */
export function useWornSettings(): void {
  const { data } = useRead('settings_get', {})
  watch(data, (settings) => settings && wear(settings), { immediate: true })
}
