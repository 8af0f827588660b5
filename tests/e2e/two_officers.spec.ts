// Steps 5 to 7 of the shift: two officers of one cell correct the same phone number offline, both sync, the conflict is
// settled on one laptop, and the decision reaches the other.
import type { Laptop } from '../support/laptop.ts'
import { expect, test } from '../support/fixtures.ts'
import { registerCsv, registerRows } from '../support/register.ts'

interface Written {
  document: string
  heads: string[]
  conflicts: string[]
}

const residents = { cell: null, village: null, kind: null, order: 'name', after: null, limit: 5 }

async function firstResident(laptop: Laptop): Promise<{ document: string; name: string }> {
  const page = await laptop.call<{ rows: { document: string; name: string }[] }>('resident_list', residents)
  return page.rows[0]!
}
async function heads(laptop: Laptop, document: string): Promise<string[]> {
  return (await laptop.call<{ heads: string[] }>('resident_open', { document })).heads
}
async function correct(laptop: Laptop, document: string, fields: Record<string, unknown>): Promise<Written> {
  return laptop.call<Written>('resident_save', { document, heads: await heads(laptop, document), fields })
}

test('two corrections of one phone number meet as a conflict, settled by keyboard, and the decision travels', async ({
  page,
  laptops,
  picture,
  accessible,
}) => {
  const one = await laptops.of('first')
  await one.sync()
  await one.import('register.csv', registerCsv(registerRows(20)))
  const sent = await one.sync()
  expect(sent).toMatchObject({ outcome: 'complete' })
  expect(sent.received).toBe(sent.of)
  const two = await laptops.of('second')
  expect((await two.sync()).outcome).toBe('complete')

  const who = await firstResident(one)
  await correct(one, who.document, { phone: '13800005127' })
  await correct(two, who.document, { phone: '13800005172', employer: '青枫小学' })
  expect((await one.sync()).received).toBeGreaterThan(0)
  expect((await two.sync()).outcome).toBe('complete')
  expect((await one.sync()).outcome).toBe('complete')

  for (const laptop of [one, two]) {
    const card = await laptop.call<{ fields: { key: string; sides: { officer: string }[] }[] }>('conflict_open', {
      document: who.document,
    })
    expect(card.fields.map((field) => field.key)).toEqual(['phone'])
    expect(card.fields[0]!.sides.map((side) => side.officer).sort()).toEqual(['沈雨晴', '郑和平'])
  }

  await one.open(page, `/conflicts/${who.document}`)
  await expect(page.locator('[data-field=phone]')).toBeVisible()
  await picture('conflict_zh')
  await accessible()
  await page.locator('.card').focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.locator('[data-field=phone] .opt.is-on')).toHaveCount(1)
  await page.keyboard.press('Control+s')
  await expect(page.getByText('没有待定的冲突')).toBeVisible()

  await one.sync()
  await two.sync()
  const phones = await Promise.all(
    [one, two].map((laptop) =>
      laptop.call<{ value: string }>('reveal', { document: who.document, key: 'phone', reason: '核对电话' }),
    ),
  )
  expect(phones[0]!.value).toBe(phones[1]!.value)
  expect(['13800005127', '13800005172']).toContain(phones[0]!.value)
  const open = await two.call<{ open: unknown[]; settled: { key: string }[] }>('conflict_list')
  expect(open.open).toEqual([])
  expect(open.settled.map((row) => row.key)).toEqual(['phone'])
  // what only one of them changed has merged
  const merged = await one.call<{ fields: { key: string; value: unknown }[] }>('resident_open', {
    document: who.document,
  })
  expect(merged.fields.find((field) => field.key === 'employer')?.value).toBe('青枫小学')
})

test('a correction that arrives while a form is open becomes a conflict everybody sees', async ({ laptops }) => {
  const one = await laptops.of('first')
  await one.sync()
  await one.import('register.csv', registerCsv(registerRows(5)))
  await one.sync()
  const two = await laptops.of('second')
  await two.sync()
  const who = await firstResident(one)
  const opened = await heads(one, who.document)
  await correct(two, who.document, { phone: '13900001111' })
  await two.sync()
  await one.sync()
  const saved = await one.call<Written>('resident_save', {
    document: who.document,
    heads: opened,
    fields: { phone: '13900002222' },
  })
  expect(saved.conflicts).toEqual(['phone'])
  const bar = await one.call<{ conflicts: number }>('status_bar')
  expect(bar.conflicts).toBe(1)
})

test('the sync screen tells what the station has and keeps the receipts', async ({
  page,
  laptops,
  picture,
  accessible,
}) => {
  const laptop = await laptops.of('first')
  await laptop.import('register.csv', registerCsv(registerRows(10)))
  await laptop.open(page, '/sync')
  await picture('sync_before_zh')
  await page.keyboard.press('F5')
  await expect(page.getByRole('heading', { name: /派出所已收/ })).toBeVisible({ timeout: 60_000 })
  await expect(page.locator('[data-receipt]').first()).toBeVisible()
  await expect(page.locator('[data-place=here] b')).toHaveText('0')
  await picture('sync_zh')
  await accessible()
})

test('with the station gone the screen says so, nothing is lost, and it goes on when it is back', async ({
  page,
  station,
  laptops,
}) => {
  const laptop = await laptops.of('first')
  await laptop.import('register.csv', registerCsv(registerRows(3)))
  await station.stop()
  await laptop.open(page, '/sync')
  await page.keyboard.press('F5')
  await expect(page.getByText('连不上派出所').first()).toBeVisible({ timeout: 60_000 })
  await station.serve()
  expect((await laptop.sync()).outcome).toBe('complete')
  expect((await laptop.call<{ unsent: number }>('status_bar')).unsent).toBe(0)
})
