// An officer out in the village loses one of his cells, and a household of the other is erased meanwhile. What he wrote
// without a signal goes first; what cannot be taken is told, taken out as a file and written again without the erased record;
// then the cell's records leave his screens, and nobody else misses anything.
import type { Laptop } from '../support/laptop.ts'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '../support/fixtures.ts'
import { registerCsv, registerRows } from '../support/register.ts'

const anyVisit = { household: null, cell: null, after: null, limit: 50 }
interface Home {
  document: string
}

async function homes(laptop: Laptop, cell: string): Promise<Home[]> {
  const request = {
    cell,
    village: null,
    kind: null,
    not_visited_since_on: null,
    order: 'address',
    after: null,
    limit: 9,
  }
  return (await laptop.call<{ rows: Home[] }>('household_list', request)).rows
}
async function visit(laptop: Laptop, household: string, notes: string, next_on?: string): Promise<string> {
  const fields = { household, kind: '11', at: Date.now() - 60_000, notes, ...(next_on ? { next_on } : {}) }
  const request = { document: null, heads: [], fields }
  return (await laptop.call<{ document: string }>('visit_save', request)).document
}
async function notes(laptop: Laptop): Promise<(string | null)[]> {
  const page = await laptop.call<{ rows: { notes: string | null }[] }>('visit_list', anyVisit)
  return page.rows.map((row) => row.notes).sort()
}
function nextMonth(): string {
  return new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)
}

test('an officer who loses a cell with unsent work: it is sent, what fell is written again, the cell leaves his screens', async ({
  page,
  station,
  laptops,
  folder,
  picture,
  accessible,
}) => {
  test.slow()
  station.tell('assign', '--officer', '010001', '--scope', 'cell:QF-02', '--from', '2026-01-01')
  const officer = await laptops.of('first')
  const kept = registerRows(2)
  const other = registerRows(6, 'QF-02', '石桥村').slice(12)
  await officer.import('register.csv', registerCsv([...kept, ...other]))
  expect((await officer.sync()).outcome).toBe('complete')
  const chief = await laptops.of('chief')
  expect((await chief.sync()).outcome).toBe('complete')
  const [lost] = await homes(officer, 'QF-01')
  const [erased] = await homes(officer, 'QF-02')

  // out of reach: work in the cell he is about to lose, and a visit to the household that is about to be erased
  const goes = await visit(officer, lost!.document, '离任前走访')
  await visit(officer, erased!.document, '门口电线老化', nextMonth())
  const preview = await chief.call<{ heads: string[] }>('record_erase_preview', { document: erased!.document })
  await chief.call('record_erase', { document: erased!.document, heads: preview.heads, reason: 'mistaken' })
  expect((await chief.sync()).outcome).toBe('complete')
  station.tell('unassign', '--officer', '010001', '--scope', 'cell:QF-01', '--on', '2026-11-01')

  await officer.open(page, '/sync')
  await page.keyboard.press('F5')
  await expect(page.getByRole('heading', { name: '不再归您管的网格' })).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText('青枫一格')).toBeVisible()
  await expect(page.getByText('都已上报，等派出所备份')).toBeVisible()
  await expect(page.getByText('这份档案已依规删除。')).toBeVisible()
  await expect(page.locator('[data-place=here] b')).toHaveText('0')
  await picture('lost_cell_zh')
  await accessible()

  // taken out as a file
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('[data-export]').click()])
  expect(await readFile(await download.path(), 'utf8')).toContain('门口电线老化')

  // written again without the household that is gone
  await page.locator('[data-rewrite]').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('checkbox', { name: '已清除的档案' }).uncheck()
  await dialog.getByRole('button', { name: '再写一次' }).click()
  await expect(page.getByText(/已再写 1 条/)).toBeVisible()
  station.backup(join(folder, 'station.fqbackup'))
  await page.keyboard.press('F5')
  await expect(page.getByText('已从本机去掉')).toBeVisible({ timeout: 60_000 })
  await expect(page.locator('[data-place=here] b')).toHaveText('0')

  // the cell is gone from list, search and by address; what was written there is with those who keep it
  expect(await homes(officer, 'QF-02')).toHaveLength(1)
  await expect(officer.call('visit_open', { document: goes })).rejects.toMatchObject({
    answer: { code: 'denied_not_held' },
  })
  await officer.open(page, '/people')
  await expect(page.getByRole('row')).not.toHaveCount(0)
  await expect(page.getByText('枫源村')).toHaveCount(0)
  expect((await chief.sync()).outcome).toBe('complete')
  const successor = await laptops.of('second')
  expect((await successor.sync()).outcome).toBe('complete')
  expect(await notes(officer)).toEqual(['门口电线老化'])
  expect(await notes(successor)).toEqual(['离任前走访'])
  expect(await notes(chief)).toEqual(['离任前走访', '门口电线老化'].sort())
})
