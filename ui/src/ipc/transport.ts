// The one interface between the screens and Rust. Two implementations: the desktop window and the loopback host.
// It knows commands by name only; their types live in client.ts.
import type { Event } from './generated/types'

/** Something that happened on the Rust side without being asked for. */
export type HostEvent =
  | Event
  /** The event stream was cut and is back: whatever happened meanwhile is unknown. */
  | { type: 'resumed' }

export interface Transport {
  /** Runs a command. Rejects with an `AppError`, never with anything else. */
  call<T>(command: string, payload: unknown): Promise<T>
  /** Hears events until the returned function is called. */
  subscribe(handler: (event: HostEvent) => void): () => void
}
