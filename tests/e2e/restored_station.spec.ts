// The station's machine is lost and comes back from its last backup, days of work older. Laptops sync once as ever: what
// they hold comes back by itself, a laptop the backup never heard of included, and whoever keeps the station reads what came.
import type { Laptop } from '../support/laptop.ts'
import { join } from 'node:path'
import { expect, test } from '../support/fixtures.ts'
import { registerCsv, registerRows } from '../support/register.ts'

const anyHome = {
  cell: null,
  village: null,
  kind: null,
  not_visited_since_on: null,
  order: 'address',
  after: null,
  limit: 1,
}
const anyVisit = { household: null, cell: null, after: null, limit: 50 }
const residents = { cell: null, village: null, kind: null, order: 'name', after: null, limit: 1 }
interface Account {
  entries: number
  epoch: number
  restored: { entries: number } | null
  recovered: { replica: string; source: string; from_replica: string; entries: number }[]
  not_seen_since: string[]
}

async function visit(laptop: Laptop, notes: string): Promise<void> {
  const homes = await laptop.call<{ rows: { document: string }[] }>('household_list', anyHome)
  const fields = { household: homes.rows[0]!.document, kind: '11', at: Date.now() - 60_000, notes }
  await laptop.call('visit_save', { document: null, heads: [], fields })
}
async function holds(laptop: Laptop): Promise<{ residents: number; visits: (string | null)[] }> {
  const { count } = await laptop.call<{ count: number }>('resident_count', residents)
  const page = await laptop.call<{ rows: { notes: string | null }[] }>('visit_list', anyVisit)
  return { residents: count, visits: page.rows.map((row) => row.notes).sort() }
}

test('a station restored from a backup gets back what laptops hold, and its keeper is told', async ({
  page,
  station,
  laptops,
  folder,
  picture,
}) => {
  test.slow()
  const complete = async (laptop: Laptop) => expect((await laptop.sync()).outcome).toBe('complete')
  const account = () => station.tell('status') as unknown as Account
  const one = await laptops.of('first')
  await one.import('register.csv', registerCsv(registerRows(4)))
  await complete(one)
  const file = join(folder, 'station.fqbackup')
  const backup = station.backup(file)

  // after the backup: work of the first, a laptop that is new, its work, and work one of them has not sent
  await visit(one, '备份以后一')
  await complete(one)
  const two = await laptops.of('second')
  await complete(two)
  await visit(two, '备份以后二')
  await complete(two)
  await complete(one)
  await visit(one, '还没上报')
  const before = account().entries
  expect(before).toBeGreaterThan(Number(backup.entries))

  const restored = await station.restore(file, join(folder, 'restored'))
  expect(restored.entries).toBe(backup.entries)
  const begun = account()
  expect(begun).toMatchObject({ entries: backup.entries, restored: { entries: backup.entries } })
  expect(begun.not_seen_since).toContain(one.replica)

  await one.open(page, '/sync')
  await page.keyboard.press('F5')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/派出所已收/, { timeout: 60_000 })
  await picture('restored_station_zh')
  for (const laptop of [two, one, two]) await complete(laptop)

  const after = account()
  expect(after.entries).toBe(before + 1)
  expect(after.not_seen_since).toEqual([])
  expect(after.epoch).toBeGreaterThan(1)
  expect(new Set(after.recovered.map((row) => row.replica))).toEqual(new Set([one.replica, two.replica]))
  expect(station.status()).toContain('Came back that the station had lost')
  expect(station.status()).toContain('Laptops still to sync since: 0')

  const all = { residents: 12, visits: ['备份以后一', '备份以后二', '还没上报'].sort() }
  const chief = await laptops.of('chief')
  await complete(chief)
  for (const laptop of [one, two, chief]) {
    expect(await holds(laptop)).toEqual(all)
    const status = await laptop.call('sync_status')
    expect(status).toMatchObject({ unsent: 0, set_aside: 0 })
  }
})
