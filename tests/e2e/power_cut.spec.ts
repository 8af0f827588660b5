// A power cut (kill -9) during an import and during a sync: what was said to be saved is there, an import is whole or not
// at all, and the next sync goes on.
import { expect, test } from '../support/fixtures.ts'
import { registerCsv, registerRows } from '../support/register.ts'

const residents = { cell: null, village: null, kind: null, order: 'name', after: null, limit: 1 }

test('a power cut during an import leaves all of it or nothing, and what was saved before', async ({ laptops }) => {
  const laptop = await laptops.of('first')
  await laptop.import('before.csv', registerCsv(registerRows(4)))
  const before = (await laptop.call<{ count: number }>('resident_count', residents)).count
  expect(before).toBe(12)

  const more = registerRows(204).slice(12)
  type Inspected = { import: string; sheets: { name: string; mapping: Record<string, number> }[] }
  const file_base64 = Buffer.from(registerCsv(more)).toString('base64')
  const inspected = await laptop.call<Inspected>('import_inspect', { name: 'more.csv', file_base64 })
  const sheet = inspected.sheets[0]!
  const plan = { import: inspected.import, sheet: sheet.name, mapping: sheet.mapping, cell: null, village: null }
  await laptop.call('import_dry_run', plan)
  await laptop.call('import_commit', { import: inspected.import, accept_before_first_sync: true })
  await laptop.cut()

  await laptop.resume()
  await laptop.unlock()
  const after = (await laptop.call<{ count: number }>('resident_count', residents)).count
  expect([before, before + more.length]).toContain(after)
})

test('a power cut during a sync loses nothing and the next sync ends with everything received', async ({ laptops }) => {
  const laptop = await laptops.of('first')
  await laptop.import('register.csv', registerCsv(registerRows(60)))
  const unsent = (await laptop.call<{ unsent: number }>('status_bar')).unsent
  expect(unsent).toBeGreaterThan(180)
  await laptop.call('sync_now')
  await laptop.cut()

  await laptop.resume()
  await laptop.unlock()
  expect((await laptop.call<{ count: number }>('resident_count', residents)).count).toBe(180)
  expect((await laptop.sync()).outcome).toBe('complete')
  const status = await laptop.call<{ unsent: number; received_total: number; set_aside: number }>('sync_status')
  expect(status).toMatchObject({ unsent: 0, set_aside: 0, received_total: unsent })
})
