// Reads and writes of the screens over vue-query. Answers are kept until a change names one of their tags;
// there is one way to refresh, whether the change was made here or came from the station.
import { QueryCache, QueryClient, useMutation, useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { call, onHostEvent, type CommandName, type RequestOf, type ResponseOf } from './client'
import { AppError } from './error'
import { commandTags } from './generated/commands'
import { anyTouches } from './tags'

interface ReadMeta extends Record<string, unknown> {
  tags: readonly string[]
}

export function makeQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      // The host was locked or started anew behind our back: ask who is at work.
      onError: (error) => {
        if (error instanceof AppError && error.code === 'locked') refresh(client, ['session'])
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: Infinity,
        gcTime: 5 * 60_000,
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
  return client
}

export interface ReadOptions {
  /** False while the request is not complete yet. */
  enabled?: MaybeRefOrGetter<boolean>
  /** Narrower tags than those the command is declared with, e.g. one record. */
  tags?: readonly string[]
  /** Keep showing the last answer while a changed request is under way. */
  keep?: boolean
}

/** Reads with a command and reads again when one of its tags changes. */
export function useRead<K extends CommandName>(
  command: K,
  request: MaybeRefOrGetter<RequestOf<K>>,
  options: ReadOptions = {},
) {
  const tags = options.tags ?? commandTags[command]
  return useQuery<ResponseOf<K>, AppError>({
    queryKey: computed(() => [command, toValue(request), tags]),
    queryFn: () => call(command, toValue(request)),
    enabled: computed(() => toValue(options.enabled) ?? true),
    placeholderData: options.keep ? (previous: ResponseOf<K> | undefined) => previous : undefined,
    meta: { tags } satisfies ReadMeta,
  } as Parameters<typeof useQuery<ResponseOf<K>, AppError>>[0])
}

/** Runs a command that changes something. Readers hear of it by its tags, through the event. */
export function useWrite<K extends CommandName>(command: K) {
  return useMutation<ResponseOf<K>, AppError, RequestOf<K>>({
    mutationFn: (request: RequestOf<K>) => call(command, request),
  })
}

/** Makes every answer old whose tags a change names. */
export function refresh(client: QueryClient, changed: readonly string[]): void {
  void client.invalidateQueries({
    predicate: (query) => anyTouches((query.meta as ReadMeta | undefined)?.tags ?? ['*'], changed),
  })
}

/** Listens for changes for as long as the window lives. */
export function refreshOnEvents(client: QueryClient): () => void {
  return onHostEvent((event) => {
    switch (event.type) {
      case 'changed':
        // Every change is something to send: the status bar counts it.
        return refresh(client, [...event.tags, 'status'])
      case 'resumed':
        return refresh(client, ['*'])
      case 'succeeded':
        return refresh(client, ['session', 'sync', 'status', 'audit'])
      case 'sync':
        return refresh(client, ['sync', 'status'])
      case 'locked':
        return void client.resetQueries()
      case 'progress':
        return undefined
    }
  })
}
