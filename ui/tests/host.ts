// A host for tests: answers commands from a table, remembers what was asked, and tells events.
import { VueQueryPlugin } from '@tanstack/vue-query'
import { mount, type ComponentMountingOptions } from '@vue/test-utils'
import type { Component } from 'vue'
import { useTransport } from '@/ipc/client'
import { AppError, type ErrorKind } from '@/ipc/error'
import { makeQueryClient, refreshOnEvents } from '@/ipc/query'
import type { HostEvent } from '@/ipc/transport'

export type Answers = Record<string, (payload: never) => unknown>

export function refuse(code: string, kind: ErrorKind = 'rejected'): never {
  throw new AppError({ code, args: {}, kind })
}

export function setUpHost(answers: Answers) {
  const asked: { command: string; payload: unknown }[] = []
  const handlers = new Set<(event: HostEvent) => void>()
  useTransport({
    async call<T>(command: string, payload: unknown): Promise<T> {
      asked.push({ command, payload })
      const answer = answers[command]
      if (!answer) return refuse('unknown_command', 'defect')
      return answer(payload as never) as T
    },
    subscribe(handler) {
      handlers.add(handler)
      return () => handlers.delete(handler)
    },
  })
  const queryClient = makeQueryClient()
  refreshOnEvents(queryClient)
  return {
    asked,
    commands: () => asked.map((one) => one.command),
    payloads: (command: string) => asked.filter((one) => one.command === command).map((one) => one.payload),
    tell: (event: HostEvent) => handlers.forEach((handler) => handler(event)),
    /** Mounts a component with messages and queries, in the page so that it can take the focus. */
    mount: (component: Component, options: ComponentMountingOptions<unknown> = {}) =>
      mount(component, {
        attachTo: document.body,
        ...options,
        global: { ...options.global, plugins: [[VueQueryPlugin, { queryClient }], ...(options.global?.plugins ?? [])] },
      }),
  }
}
