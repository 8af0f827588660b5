// What the list shows: residents or households, filtered and ordered. Kept while the window lives, for one officer.
import { reactive } from 'vue'
import type { HouseholdListRequest, HouseholdOrder, ResidentListRequest, ResidentOrder } from '@/ipc/generated/types'
import { addDays } from '@/shared/format'

export type Tab = 'residents' | 'households'

export interface ListState {
  tab: Tab
  cell: string | null
  village: string | null
  householdKind: string | null
  residentKind: string | null
  /** Days without a visit. */
  unvisited: string | null
  householdOrder: HouseholdOrder
  residentOrder: ResidentOrder
}

const start = (): ListState => ({
  tab: 'households',
  cell: null,
  village: null,
  householdKind: null,
  residentKind: null,
  unvisited: null,
  householdOrder: 'address',
  residentOrder: 'name',
})

export const list = reactive<ListState>(start())
let owner: string | null = null

/** Another officer begins with a list of his own. */
export function listFor(officer: string | null): void {
  if (officer === owner) return
  owner = officer
  Object.assign(list, start())
}

export const unvisitedDays = ['30', '90', '180', '365'] as const
export const householdOrders: readonly HouseholdOrder[] = ['address', 'head', 'last_visit', 'members']
export const residentOrders: readonly ResidentOrder[] = ['name', 'birth', 'address']

type Filters<T> = Omit<T, 'after' | 'limit'>

export function householdFilters(state: ListState, today: string): Filters<HouseholdListRequest> {
  return {
    cell: state.cell,
    village: state.village,
    kind: state.householdKind,
    not_visited_since_on: state.unvisited === null ? null : addDays(today, -Number(state.unvisited)),
    order: state.householdOrder,
  }
}

export function residentFilters(state: ListState): Filters<ResidentListRequest> {
  return { cell: state.cell, village: state.village, kind: state.residentKind, order: state.residentOrder }
}

/** Whether anything hides rows of the list now shown. */
export function filtered(state: ListState): boolean {
  const own = state.tab === 'households' ? [state.householdKind, state.unvisited] : [state.residentKind]
  return [state.cell, state.village, ...own].some((one) => one !== null)
}

export function clearFilters(state: ListState): void {
  Object.assign(state, { cell: null, village: null, householdKind: null, residentKind: null, unvisited: null })
}
