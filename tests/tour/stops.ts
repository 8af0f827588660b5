// Every screen, as an address and, where needed, what is pressed there. Texts are not used to find things: the tour is walked
// in both languages.
import type { Page } from '@playwright/test'
import type { Laptop } from '../support/laptop.ts'
import { rareStops } from './rare.ts'

/** What the screen is told instead of what was answered. */
export type Answer = (real: unknown) => unknown

export interface Stop {
  name: string
  route: string
  /** What is done on the screen before the picture. */
  does?: (page: Page) => Promise<void>
  /** Commands whose answer is changed on its way, or that fail with a code. */
  answers?: Record<string, Answer | string>
}

interface Rows {
  rows: { document: string }[]
}

const everyone = { cell: null, village: null, kind: null, after: null, limit: 50 }

/** The screens of an officer's laptop with work on it. */
export async function officerStops(laptop: Laptop): Promise<Stop[]> {
  const households = { ...everyone, not_visited_since_on: null }
  const household = await first(laptop, 'household_list', { ...households, order: 'last_visit' })
  const crowded = await last(laptop, 'household_list', { ...households, order: 'members', limit: 200 })
  const resident = await first(laptop, 'resident_list', { ...everyone, order: 'name' })
  const visit = await first(laptop, 'visit_list', { household: null, cell: null, after: null, limit: 5 })
  const patrol = await first(laptop, 'patrol_list', { cell: null, after: null, limit: 5 })
  const open = await disputes(laptop, 'open')
  const closed = await disputes(laptop, 'closed')
  const conflicts = await laptop.call<{ open: { document: string; kind: string }[] }>('conflict_list')
  const mediators = await laptop.call<Rows>('mediator_list')
  const mediator = mediators.rows[0]!.document
  const page = (of: string, name: string): Stop => ({ name, route: `/people/${of}` })
  return [
    { name: 'today', route: '/today' },
    { name: 'people', route: '/people' },
    {
      name: 'people-residents',
      route: '/people?of=residents',
      does: (page) => page.locator('.pane .seg button').first().click(),
    },
    page(`household/${household}`, 'household'),
    page(`household/${crowded}`, 'household-crowded'),
    page(`household/${household}/edit`, 'household-edit'),
    page(`household/${household}/member`, 'member-new'),
    page('household/new', 'household-new'),
    {
      name: 'household-history',
      route: `/people/household/${household}`,
      does: (page) => page.locator('[data-history]').click(),
    },
    page(`resident/${resident}`, 'resident'),
    page(`resident/${resident}/edit`, 'resident-edit'),
    page('visit/new', 'visit-new'),
    page(`visit/${visit}`, 'visit'),
    page('import', 'import'),
    { name: 'patrols', route: '/patrol' },
    { name: 'patrol', route: `/patrol/${patrol}` },
    { name: 'patrol-edit', route: `/patrol/${patrol}/edit` },
    { name: 'patrol-new', route: '/patrol/new' },
    { name: 'disputes', route: '/disputes' },
    ...open.map((document, at) => ({ name: `dispute-${at + 1}`, route: `/disputes/${document}` })),
    { name: 'dispute-closed', route: `/disputes/${closed[0]}` },
    { name: 'dispute-new', route: '/disputes/new' },
    ...['edit', 'mediators', 'party', 'police', 'session', 'grade', 'agreement', 'revisit'].map((form) => ({
      name: `dispute-${form}`,
      route: `/disputes/${open[0]}/${form}`,
    })),
    { name: 'mediators', route: '/disputes/mediators' },
    { name: 'mediator-new', route: '/disputes/mediators/new' },
    { name: 'mediator-edit', route: `/disputes/mediators/${mediator}` },
    { name: 'conflicts', route: '/conflicts' },
    ...byKind(conflicts.open).map((row) => ({ name: `conflict-${row.kind}`, route: `/conflicts/${row.document}` })),
    { name: 'reports', route: '/reports' },
    { name: 'report-rows', route: '/reports', does: openFigure },
    { name: 'sync', route: '/sync' },
    ...['look', 'lock', 'backup', 'about'].map((part) => ({ name: `settings-${part}`, route: `/settings/${part}` })),
    { name: 'search', route: '/today', does: (page) => search(page, 'z') },
    { name: 'search-none', route: '/today', does: (page) => search(page, 'qqqqqq') },
    { name: 'new-menu', route: '/today', does: (page) => page.keyboard.press('Alt+n') },
    { name: 'missing-record', route: '/people/household/01999110-0000-7000-8000-000000000000' },
    ...rareStops(household, open[0]!),
  ]
}

/** The screens of a chief's laptop that an officer's has not. */
export async function chiefStops(laptop: Laptop): Promise<Stop[]> {
  const household = await first(laptop, 'household_list', { ...everyone, not_visited_since_on: null, order: 'members' })
  return [
    { name: 'chief-people', route: '/people' },
    { name: 'chief-reports', route: '/reports' },
    { name: 'chief-report-rows', route: '/reports', does: openFigure },
    { name: 'chief-audit', route: '/settings/audit' },
    {
      name: 'chief-erase',
      route: `/people/household/${household}`,
      does: (page) => page.locator('[data-erase]').click(),
    },
  ]
}

/** The screens of a laptop with nothing on it yet. */
export const emptyStops: readonly Stop[] = [
  { name: 'empty-today', route: '/today' },
  { name: 'empty-people', route: '/people' },
  { name: 'empty-patrol', route: '/patrol' },
  { name: 'empty-disputes', route: '/disputes' },
  { name: 'empty-mediators', route: '/disputes/mediators' },
  { name: 'empty-conflicts', route: '/conflicts' },
  { name: 'empty-reports', route: '/reports' },
  { name: 'empty-report-rows', route: '/reports', does: openFigure },
  { name: 'empty-sync', route: '/sync' },
  { name: 'empty-household-wrong', route: '/people/household/new', does: saveAsItIs },
  { name: 'empty-visit-wrong', route: '/people/visit/new', does: saveAsItIs },
  { name: 'empty-patrol-wrong', route: '/patrol/new', does: saveAsItIs },
  { name: 'empty-dispute-wrong', route: '/disputes/new', does: saveAsItIs },
  { name: 'empty-mediator-wrong', route: '/disputes/mediators/new', does: saveAsItIs },
]

async function first(laptop: Laptop, command: string, request: object): Promise<string> {
  return (await laptop.call<Rows>(command, request)).rows[0]!.document
}
async function last(laptop: Laptop, command: string, request: object): Promise<string> {
  return (await laptop.call<Rows>(command, request)).rows.at(-1)!.document
}
async function disputes(laptop: Laptop, filter: string): Promise<string[]> {
  const request = { filter, order: 'due', cell: null, after: null, limit: 3 }
  return (await laptop.call<Rows>('dispute_list', request)).rows.map((row) => row.document)
}
function byKind<Row extends { kind: string }>(rows: Row[]): Row[] {
  return rows.filter((row, at) => rows.findIndex((other) => other.kind === row.kind) === at)
}

async function openFigure(page: Page): Promise<void> {
  await page.locator('[data-figure=visits]').click()
}
async function search(page: Page, query: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').first().fill(query)
  await page.waitForTimeout(600)
}
async function saveAsItIs(page: Page): Promise<void> {
  await page.locator('form input, form textarea').first().focus()
  await page.keyboard.press('Control+s')
}
