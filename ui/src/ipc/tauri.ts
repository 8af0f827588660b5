// Transport of the desktop window. The only file that names @tauri-apps.
import { invoke } from '@tauri-apps/api/core'
import { listen } from '@tauri-apps/api/event'
import { toAppError } from './error'
import type { HostEvent, Transport } from './transport'

/** True inside the desktop window. */
export function insideTauri(): boolean {
  return '__TAURI_INTERNALS__' in window
}

export function tauriTransport(): Transport {
  return {
    async call<T>(command: string, payload: unknown): Promise<T> {
      try {
        return await invoke<T>('rpc', { command, payload })
      } catch (thrown) {
        throw toAppError(readJson(thrown), 'host_answer_unreadable')
      }
    },
    subscribe(handler) {
      let stopped = false
      let stop: (() => void) | null = null
      void listen<HostEvent>('fengqiao', (event) => handler(event.payload)).then((unlisten) => {
        if (stopped) unlisten()
        else stop = unlisten
      })
      return () => {
        stopped = true
        stop?.()
      }
    },
  }
}

function readJson(thrown: unknown): unknown {
  if (typeof thrown !== 'string') return thrown
  try {
    return JSON.parse(thrown)
  } catch {
    return thrown
  }
}
