// Transport of the browser edition: POST /rpc/<command> and server-sent events, on 127.0.0.1 only.
// The one-time token arrives in the address after '#', is kept for this tab and taken out of the address.
import { isWireError, toAppError } from './error'
import type { HostEvent, Transport } from './transport'

const KEPT_AS = 'fengqiao.token'

/** Takes the token out of `#token=...`, or finds the one this tab already has. */
export function takeToken(location: Location, storage: Storage, history: History): string {
  const match = /[#&?/]token=([^&]+)/.exec(location.hash)
  if (match?.[1]) {
    const token = decodeURIComponent(match[1])
    storage.setItem(KEPT_AS, token)
    history.replaceState(null, '', `${location.pathname}${location.search}#/`)
    return token
  }
  return storage.getItem(KEPT_AS) ?? ''
}

export function loopbackTransport(token: string, base = ''): Transport {
  return {
    async call<T>(command: string, payload: unknown): Promise<T> {
      let answer: Response
      try {
        answer = await fetch(`${base}/rpc/${command}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-fengqiao-token': token },
          body: JSON.stringify(payload ?? null),
          cache: 'no-store',
        })
      } catch (thrown) {
        throw toAppError(thrown, 'host_unreachable')
      }
      return readAnswer<T>(answer)
    },
    subscribe(handler) {
      return listenTo(`${base}/events?token=${encodeURIComponent(token)}`, handler)
    },
  }
}

async function readAnswer<T>(answer: Response): Promise<T> {
  let body: unknown
  try {
    const text = await answer.text()
    body = text === '' ? null : JSON.parse(text)
  } catch (thrown) {
    throw toAppError(thrown, 'host_answer_unreadable')
  }
  if (answer.ok) return body as T
  throw toAppError(isWireError(body) ? body : null, 'host_answer_unreadable')
}

function listenTo(address: string, handler: (event: HostEvent) => void): () => void {
  const source = new EventSource(address)
  let cut = false
  source.onopen = () => {
    if (cut) handler({ type: 'resumed' })
    cut = false
  }
  source.onerror = () => {
    cut = true
  }
  source.onmessage = (message: MessageEvent<string>) => {
    const event = readEvent(message.data)
    if (event) handler(event)
  }
  return () => source.close()
}

function readEvent(data: string): HostEvent | null {
  try {
    return JSON.parse(data) as HostEvent
  } catch {
    return null
  }
}
