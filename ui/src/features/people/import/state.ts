// The import under way. It outlives the screen, so that one can look at something else and come back; it does not
// outlive the officer.
import { reactive } from 'vue'
import type { ImportDryRun, ImportInspected, JobStatus } from '@/ipc/generated/types'
import type { Mapping } from './columns'

export type ImportStep = 'file' | 'columns' | 'try' | 'run'

export interface ImportState {
  step: ImportStep
  file: string | null
  inspected: ImportInspected | null
  sheet: string | null
  mapping: Mapping
  cell: string | null
  village: string | null
  tried: ImportDryRun | null
  accepted: boolean
  job: string | null
  ended: JobStatus | null
}

const start = (): ImportState => ({
  step: 'file',
  file: null,
  inspected: null,
  sheet: null,
  mapping: {},
  cell: null,
  village: null,
  tried: null,
  accepted: false,
  job: null,
  ended: null,
})

export const work = reactive<ImportState>(start())
let owner: string | null = null

export function importFor(officer: string | null): void {
  if (officer === owner) return
  owner = officer
  begin()
}

export function begin(): void {
  Object.assign(work, start())
}

/** The file was read: the sheet with most rows is most likely meant. */
export function takeFile(name: string, found: ImportInspected): void {
  begin()
  work.file = name
  work.inspected = found
  const best = [...found.sheets].sort((a, b) => b.rows - a.rows)[0]
  takeSheet(best?.name ?? null)
  work.step = 'columns'
}

export function takeSheet(name: string | null): void {
  const sheet = work.inspected?.sheets.find((one) => one.name === name)
  work.sheet = sheet?.name ?? null
  work.mapping = Object.fromEntries(
    Object.entries(sheet?.mapping ?? {}).flatMap(([column, at]) => (at === undefined ? [] : [[column, at]])),
  )
  work.tried = null
}
