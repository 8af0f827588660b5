// A bad line between the real programs: a log-in page, nobody there, cut in the middle, silent, slow. The officer goes on
// recording, reads in words what is wrong, overrules the wait; in the end everything is at the station, once.
import { randomBytes } from 'node:crypto'
import type { Laptop } from '../support/laptop.ts'
import { expect, test } from '../support/fixtures.ts'
import { Line } from '../support/line.ts'
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
interface Status {
  unsent: number
  set_aside: number
  received_total: number
}

/** Notes that do not shrink when they are packed, so that a cut falls into them. */
const long = () => randomBytes(2_900).toString('base64')

async function visit(laptop: Laptop, notes: string): Promise<string> {
  const homes = await laptop.call<{ rows: { document: string }[] }>('household_list', anyHome)
  const fields = { household: homes.rows[0]!.document, kind: '11', at: Date.now() - 60_000, notes }
  const request = { document: null, heads: [], fields }
  return (await laptop.call<{ document: string }>('visit_save', request)).document
}
async function notes(laptop: Laptop): Promise<(string | null)[]> {
  const page = await laptop.call<{ rows: { notes: string | null }[] }>('visit_list', anyVisit)
  return page.rows.map((row) => row.notes).sort()
}

test('over a line that fails in every way nothing is lost, nothing is there twice, and every failure has its words', async ({
  page,
  station,
  laptops,
  picture,
}) => {
  test.slow()
  const line = await Line.to(station.listening)
  station.front = line.url
  const laptop = await laptops.of('first')
  await laptop.import('register.csv', registerCsv(registerRows(3)))
  expect((await laptop.sync()).outcome).toBe('complete')
  const written: string[] = []
  const write = async (text: string) => {
    await visit(laptop, text)
    written.push(text)
  }
  await laptop.open(page, '/sync')
  const said = page.getByRole('heading', { level: 1 })
  const next = page.locator('[data-next]')

  await test.step('behind a log-in page', async () => {
    await line.turn('portal')
    await write('登录页后面写的')
    await page.keyboard.press('F5')
    await expect(said).toHaveText('答话的不是派出所服务器')
    await expect(page.getByText('多半是网络的登录页')).toBeVisible()
    await expect(next).toHaveText(/秒后自动再试/)
    await expect(page.locator('[data-place=here] b')).not.toHaveText('0')
    await picture('bad_line_portal_zh')
  })

  await test.step('nobody there, and the wait is overruled', async () => {
    await line.down()
    await write('没有信号时写的')
    await page.getByRole('button', { name: '现在就试' }).click()
    await expect(said).toHaveText(/没有信号，\d+ 条待上报/)
    await line.turn('refuse')
    await page.keyboard.press('F5')
    await expect(page.locator('[data-outcome]').first()).toHaveAttribute('data-outcome', /unreachable|interrupted/)
    await expect(page.getByRole('button', { name: '现在就试' })).toBeVisible()
  })

  await test.step('cut on the way up, in the middle of what is sent', async () => {
    await line.turn('cut-up', { bytes: 2_000 })
    await write(long())
    await page.keyboard.press('F5')
    await expect(said).toHaveText('传到一半断了')
    await expect(page.getByText('下次从断的地方接着传')).toBeVisible()
  })

  await test.step('silent: the officer records on in the same window and ends the attempt', async () => {
    await line.turn('silent', { bytes: 0 })
    await page.keyboard.press('F5')
    await expect(page.getByRole('button', { name: /停止/ })).toBeVisible()
    await page.keyboard.press('Alt+1')
    await page.getByRole('combobox', { name: '住户' }).fill(registerRows(1)[0]!.name)
    await expect(page.getByRole('option').first()).toBeVisible()
    await page.keyboard.press('Enter')
    await page.getByLabel('走访记事').fill('断了线照样写')
    await page.keyboard.press('Control+s')
    await expect(page.getByText('断了线照样写')).toBeVisible()
    written.push('断了线照样写')
    await laptop.open(page, '/sync')
    await page.getByRole('button', { name: /停止/ }).click()
    await expect(said).toHaveText('已停止')
  })

  await test.step('slow: progress is shown, and it ends with everything received', async () => {
    await line.turn('calm', { kbit: 60, latencyMs: 300 })
    await write(long())
    await page.keyboard.press('F5')
    await expect(said).toHaveText(/正在同步/)
    await expect(said).toHaveText(/派出所已收/, { timeout: 60_000 })
    await expect(page.locator('[data-place=here] b')).toHaveText('0')
    await picture('bad_line_after_zh')
  })

  await test.step('cut on the way back: the station has it, the laptop does not know, and by itself it hears', async () => {
    const before = Number(station.tell('status').entries)
    await write('收了却没听见')
    // the handshake is shorter when the station is known from before: the cut moves until it falls behind it
    for (let bytes = 300; Number(station.tell('status').entries) === before; bytes += 100) {
      await line.turn('cut-down', { bytes })
      expect((await laptop.sync()).outcome).not.toBe('complete')
    }
    expect((await laptop.call<Status>('sync_status')).unsent).toBeGreaterThan(0)
    await expect(said).toHaveText('传到一半断了')
    await line.turn('calm')
    await expect(said).toHaveText(/派出所已收/, { timeout: 30_000 })
  })

  const status = await laptop.call<Status>('sync_status')
  expect(status).toMatchObject({ unsent: 0, set_aside: 0 })
  expect(Number(station.tell('status').entries)).toBe(status.received_total)
  expect(await notes(laptop)).toEqual([...written].sort())
  const other = await laptops.of('second')
  expect((await other.sync()).outcome).toBe('complete')
  expect(await notes(other)).toEqual([...written].sort())
  await line.down()
})
