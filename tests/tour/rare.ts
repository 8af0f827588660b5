// Screens that are seldom seen: questions before a step, the gate, and states that take days to come about (cells taken away,
// a copied disk, a lease near its end). Those are the real screens over answers changed on their way.
import type { Page } from '@playwright/test'
import { registerCsv, registerRows } from '../support/register.ts'
import type { Answer, Stop } from './stops.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const ago = (ms: number) => Date.now() - ms
const id = (n: number) => `01999110-0000-7000-8000-${String(n).padStart(12, '0')}`
const dayOf = (at: number) => new Date(at + 8 * 60 * MINUTE).toISOString().slice(0, 10)
/** Answers another thing, whatever was answered. */
const only = (answer: unknown) => () => answer
/** Changes some of what was answered. */
const but =
  (part: object): Answer =>
  (real) => ({ ...(real as object), ...part })

const run = (at: number, outcome: string, moved = 0) => ({
  at,
  took_ms: 900 + moved * 40,
  outcome,
  received: moved,
  of: moved,
  fetched: moved * 3,
  bytes_out: outcome === 'unreachable' ? 0 : 1200 + moved * 310,
  bytes_in: outcome === 'unreachable' ? 0 : 900 + moved * 800,
  detail: null,
})
const runs = [
  ...[4, 9, 14, 19, 24].map((minutes) => run(ago(minutes * MINUTE), 'complete')),
  run(ago(70 * MINUTE), 'complete', 37),
  ...[80, 90, 100].map((minutes) => run(ago(minutes * MINUTE), 'unreachable')),
  run(ago(1.2 * DAY), 'interrupted'),
  ...[1.3, 1.4].map((days) => run(ago(days * DAY), 'complete')),
]
const receipts = Array.from({ length: 7 }, (_, at) => ({
  at: ago(at * 0.8 * DAY + 2 * MINUTE),
  first: 4812 - at * 40,
  last: 4848 - at * 40,
  entries: 37 - at,
  kinds: { visit: 14 - at, household: 9, dispute: 4, patrol: 2 },
  set_aside: at === 2 ? 2 : 0,
  number: `QF-${88412 - at * 285}`,
  backed_up: at > 1,
}))
const aside = (n: number, reason: string, titles: string[], rewritten = false) => ({
  act: id(n),
  at: ago(n * DAY),
  officer: '周远山',
  reason,
  entries: titles.length,
  rewritten_at: rewritten ? ago(MINUTE) : null,
  records: titles.map((title, at) => ({ document: id(n * 10 + at), kind: at ? 'resident' : 'household', title })),
})
const moved = (n: number, title: string, state: string) => ({
  document: id(n),
  kind: 'household',
  title,
  from_cell: 'QF-01',
  from_cell_name: '青枫一格',
  to_cell: 'QF-02',
  to_cell_name: '石桥头村与上枫新村联合网格',
  records: 14,
  at: ago(n * DAY),
  officer: '周远山',
  laptop: 'QF-07',
  state,
  shown: true,
})
const erased = (n: number, reason: string | null) => ({ document: id(n), at: ago(n * DAY), officer: '秦牧野', reason })
const left = [
  { cell: 'QF-04', name: '柳溪网格', since_at: ago(2 * DAY), unsent: 12, dropped_at: null },
  { cell: 'QF-05', name: '石桥头村与上枫新村联合网格', since_at: ago(9 * DAY), unsent: 0, dropped_at: ago(DAY) },
]
const succession = { at: ago(DAY / 2), cause: 'copy', laptop: 'QF-07', number: '0198a3f2', carried: 12, settled: false }

const synced: Record<string, Answer> = {
  sync_runs: only({ rows: runs }),
  receipt_list: only({ rows: receipts, next: 'more' }),
  sync_status: but({ last: runs[0], unsent: 0, received_today: 37, received_total: 4846, connectivity: 'online' }),
}
const full: Record<string, Answer> = {
  ...synced,
  sync_status: but({ last: runs[5], received_total: 4846, set_aside: 5, set_aside_acts: 3, left, succession }),
  set_aside_list: only({
    rows: [
      aside(1, 'scope_not_assigned', ['赵荣江 3组27号', '赵小禾', '欧阳建国']),
      aside(3, 'a_code_of_later', ['一户名字写得很长很长的人家，在石桥头村与上枫新村交界处的老粮站后面']),
      aside(5, 'document_erased', ['叶清和'], true),
    ],
  }),
  moved_list: only({ rows: [moved(1, '赵荣江', 'here'), moved(6, '', 'station'), moved(8, '欧阳建国', 'set_aside')] }),
  erased_list: only({ rows: [erased(2, 'person_asked'), erased(4, 'retention_over'), erased(7, null)] }),
}
const running = {
  sent: 120,
  to_send: 481,
  fetched: 2600,
  to_fetch: 10240,
  bytes_out: 210_000,
  bytes_in: 4_300_000,
}

/** States of the sync screen and of the lease. */
const states: readonly Stop[] = [
  { name: 'sync-done', route: '/sync', answers: synced },
  { name: 'sync-full', route: '/sync', answers: full },
  {
    name: 'sync-full-below',
    route: '/sync',
    answers: full,
    does: (page) => page.locator('.page > .scroll').evaluate((body) => body.scrollTo(0, body.scrollHeight)),
  },
  { name: 'sync-running', route: '/sync', answers: { ...synced, sync_status: but({ running, unsent: 361 }) } },
  { name: 'sync-refused', route: '/sync', answers: { sync_status: but({ refused: 'replica_revoked', unsent: 12 }) } },
  {
    name: 'lease-near',
    route: '/today',
    answers: { status_bar: but({ lease_ends_on: dayOf(Date.now() + 2 * DAY) }) },
    does: (page) => page.locator('[data-lease]').click(),
  },
  {
    name: 'lease-over',
    route: '/people',
    answers: {
      status_bar: but({ lease_over: true, lease_ends_on: dayOf(ago(DAY)), clock_skew_ms: 7_500_000, set_aside: 4 }),
      household_list: 'lease_over',
      household_count: 'lease_over',
    },
  },
  { name: 'failed-today', route: '/today', answers: { today: 'storage_failed' } },
]

/** Questions asked before something is done, and the import on its way. */
export function rareStops(household: string, dispute: string): Stop[] {
  const home = `/people/household/${household}`
  const name = '欧阳上官司马诸葛慕容·阿不都热依木江·买买提'
  return [
    ...states,
    { name: 'household-move', route: home, does: moveTo },
    { name: 'household-leave', route: home, does: (page) => page.locator('td.num .btn, td.num .link').first().click() },
    { name: 'household-reveal', route: home, does: reveal },
    {
      name: 'household-long',
      route: home,
      answers: { household_open: (real) => longNames(real, name) },
    },
    {
      name: 'dispute-steps',
      route: `/disputes/${dispute}`,
      does: (page) => page.locator('.acts .btn').first().click(),
    },
    { name: 'dispute-step', route: `/disputes/${dispute}`, does: takeStep },
    { name: 'address', route: `/people/address?at=${encodeURIComponent('1号')}` },
    { name: 'import-columns', route: '/people/import', does: chooseFile },
    { name: 'import-try', route: '/people/import', does: tryImport },
  ]
}

/** Before work: the laptop is locked while these are walked. */
export const gateStops: readonly Stop[] = [
  { name: 'gate-unlock', route: '/' },
  { name: 'gate-wrong', route: '/', does: wrongPassphrase },
  { name: 'gate-enrol', route: '/', does: (page) => page.locator('.ways .btn').first().click() },
  { name: 'gate-restore', route: '/', does: (page) => page.locator('.ways .btn').last().click() },
]

async function moveTo(page: Page): Promise<void> {
  await page.locator('[data-move]').click()
  await page.locator('dialog [role=combobox]').click()
  await page.keyboard.press('ArrowDown')
}
async function reveal(page: Page): Promise<void> {
  const masked = page.locator('td .masked').first()
  await masked.hover()
  await masked.locator('.look').click()
}
async function takeStep(page: Page): Promise<void> {
  await page.locator('.acts .btn').first().click()
  await page.locator('dialog .btn:not([disabled]), dialog .row:not([disabled])').first().click()
}
async function chooseFile(page: Page): Promise<void> {
  const rows = registerRows(300, 'QF-01', '')
  for (const [at, row] of rows.entries()) if (at % 2 === 0) row.idNumber = `${row.idNumber.slice(0, 17)}?`
  const buffer = Buffer.from(registerCsv(rows))
  await page.locator('input[type=file]').setInputFiles({ name: '登记簿.csv', mimeType: 'text/csv', buffer })
  await page.locator('[data-main]').waitFor()
}
async function tryImport(page: Page): Promise<void> {
  await chooseFile(page)
  await page.locator('[data-main]').click()
  await page.locator('[data-figure=rejected]').waitFor()
}
async function wrongPassphrase(page: Page): Promise<void> {
  await page.locator('input[type=password]').fill('不是这一句')
  await page.keyboard.press('Enter')
  await page.locator('[role=alert]').waitFor()
}

interface Home {
  address_path: string[]
  members: { name: string }[]
}
function longNames(real: unknown, name: string): unknown {
  const home = real as Home
  const path = [...home.address_path, '石桥头村与上枫新村交界处老粮站后面第二排平房', '东头第三间西侧加建']
  return {
    ...home,
    head_name: name,
    address_path: path,
    members: home.members.map((member, at) => (at === 0 ? { ...member, name } : member)),
  }
}
