// Typed calls. The types of every command are generated from Rust; here they meet the transport.
import type { CommandName, Commands } from './generated/commands'
import { takeToken, loopbackTransport } from './loopback'
import { insideTauri, tauriTransport } from './tauri'
import type { HostEvent, Transport } from './transport'

export type { CommandName, Tag } from './generated/commands'
export type RequestOf<K extends CommandName> = Commands[K]['request']
export type ResponseOf<K extends CommandName> = Commands[K]['response']

let transport: Transport | null = null

/** Picks the transport of this window. Tests put their own in with `useTransport`. */
export function connect(): Transport {
  transport ??= insideTauri()
    ? tauriTransport()
    : loopbackTransport(takeToken(window.location, window.sessionStorage, window.history))
  return transport
}

/** Puts another transport in place; tests only. */
export function useTransport(other: Transport | null): void {
  transport = other
}

/** Runs a command and gives its answer; throws `AppError` and nothing else. */
export function call<K extends CommandName>(command: K, request: RequestOf<K>): Promise<ResponseOf<K>> {
  return connect().call<ResponseOf<K>>(command, request)
}

/** Hears events of the Rust side. Returns the function that stops it. */
export function onHostEvent(handler: (event: HostEvent) => void): () => void {
  return connect().subscribe(handler)
}
