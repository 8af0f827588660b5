// The pictures of the README, from the real programs on the made-up station. `npm run pictures` writes them anew.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { Laptop } from '../support/laptop.ts'
import { registerCsv, registerRows } from '../support/register.ts'
import { MadeStation } from './made.ts'

const into = join(import.meta.dirname, '..', '..', 'docs', 'pictures')
const picture = async (page: Page, name: string) => {
  await page.waitForLoadState('networkidle')
  await page.screenshot({ path: join(into, `${name}.png`) })
}

test('pictures of the README', async ({ page }) => {
  const folder = await mkdtemp(join(tmpdir(), 'fengqiao-pictures-'))
  const station = await MadeStation.copy(join(folder, 'made'))
  await station.serve()
  const started: Laptop[] = []
  const open = async (place: number) => {
    const { data, replica } = station.laptop(place)
    const laptop = await Laptop.start(data)
    started.push(laptop)
    laptop.replica = replica
    await laptop.unlock(station.passphrase)
    await laptop.sync()
    return laptop
  }
  try {
    const officer = await open(0)
    await visit(page, officer)
    await conflict(page, officer)
    await page.goto(`${officer.origin}/#/sync`)
    await page.keyboard.press('F5')
    await expect(page.locator('[data-place=here] b')).toHaveText('0', { timeout: 60_000 })
    await picture(page, 'sync')
    await register(page, officer)
    const chief = await open(3)
    await chief.open(page, '/reports')
    await page.locator('[data-figure=visits]').click()
    await expect(page.locator('.rows [role=row]').nth(1)).toBeVisible()
    await picture(page, 'report')
  } finally {
    await Promise.all(started.map((laptop) => laptop.close()))
    await station.stop()
    await rm(folder, { recursive: true, force: true })
  }
})

async function visit(page: Page, laptop: Laptop): Promise<void> {
  const ask = {
    cell: null,
    village: null,
    kind: null,
    not_visited_since_on: null,
    order: 'members',
    after: null,
    limit: 1,
  }
  const homes = await laptop.call<{ rows: { document: string }[] }>('household_list', ask)
  await laptop.open(page, `/people/visit/new?household=${homes.rows[0]!.document}`)
  await page
    .getByLabel('走访记事')
    .fill('户主在家，逐人核对户口簿，人数与登记一致。反映门前排水沟被邻居改道，雨天倒灌。')
  await page.getByLabel('诉求').fill('请村里看一看排水沟。')
  await expect(page.getByText('断电不丢')).toBeVisible()
  await picture(page, 'visit')
}

async function conflict(page: Page, laptop: Laptop): Promise<void> {
  const { open } = await laptop.call<{ open: { document: string; kind: string }[] }>('conflict_list')
  const dispute = open.find((row) => row.kind === 'dispute') ?? open[0]!
  await page.goto(`${laptop.origin}/#/conflicts/${dispute.document}`)
  await page.locator('.card').focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.locator('.opt.is-on')).toHaveCount(1)
  await picture(page, 'conflict')
}

async function register(page: Page, laptop: Laptop): Promise<void> {
  const rows = registerRows(40, 'XX-01', '')
  const known = rows[0]!
  const wrong = `${known.idNumber.slice(0, 17)}${known.idNumber.endsWith('0') ? '1' : '0'}`
  rows.push({ ...known, name: '校验位错', idNumber: wrong, household: 'X1' })
  await laptop.open(page, '/people/import')
  const buffer = Buffer.from(registerCsv(rows))
  await page.locator('input[type=file]').setInputFiles({ name: '登记簿.csv', mimeType: 'text/csv', buffer })
  await page.getByRole('button', { name: '试导入' }).first().click()
  await expect(page.locator('[data-figure=rejected]')).toBeVisible()
  await picture(page, 'import')
}
