// Two pieces of a shift in the real desktop window: writing down a visit in Chinese, and a beat of ten thousand.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '../support/fixtures.ts'
import { PASSPHRASE } from '../support/laptop.ts'
import { registerCsv, registerRows } from '../support/register.ts'
import { DesktopWindow, keys } from '../support/webdriver.ts'

const artefacts = join(import.meta.dirname, '..', 'artefacts')
const NOTES = '入户走访，老人身体好，门口路灯不亮，已记下。'

/** Opens the window over a laptop's folder and unlocks it as an officer does. */
async function unlocked(folder: string): Promise<DesktopWindow> {
  const window = await DesktopWindow.open(folder)
  await window.type('input[type=password]', PASSPHRASE)
  await window.press(keys.enter)
  await window.find('nav')
  return window
}

test('an officer unlocks the window, types Chinese into a visit and saves it', async ({ laptops }) => {
  const laptop = await laptops.of('first')
  await laptop.import('register.csv', registerCsv(registerRows(20)))
  const list = {
    cell: null,
    village: null,
    kind: null,
    not_visited_since_on: null,
    order: 'address',
    after: null,
    limit: 1,
  }
  const { rows } = await laptop.call<{ rows: { document: string }[] }>('household_list', list)
  const household = rows[0]!.document
  await laptop.close()

  const window = await unlocked(laptop.folder)
  try {
    await window.screenshot(join(artefacts, 'desktop_today.png'))
    await window.go(`/people/visit/new?household=${household}`)
    await window.type('[data-page=form] [data-key=notes] textarea', NOTES)
    await window.screenshot(join(artefacts, 'desktop_visit.png'))
    await window.click('[data-page=form] button[data-main]')
    await window.shows('已存本机')
    await window.screenshot(join(artefacts, 'desktop_visit_saved.png'))
  } finally {
    await window.close()
  }

  // the window's process gives its folder free a moment after the driver has closed it
  await expect(() => laptop.resume()).toPass({ timeout: 30_000 })
  await laptop.unlock()
  const page = await laptop.call<{ visits: { notes: string }[] }>('household_open', { document: household })
  expect(page.visits.map(({ notes }) => notes)).toEqual([NOTES])
})

test('a beat of ten thousand scrolls, syncs and exports its weekly report', async ({ laptops }) => {
  const laptop = await laptops.of('first')
  const households = 3_400
  const result = await laptop.import('register.csv', registerCsv(registerRows(households)))
  expect(result.residents).toBe(3 * households)
  await laptop.close()

  const window = await unlocked(laptop.folder)
  try {
    await window.go('/people')
    const shown = 'return document.querySelectorAll("[role=grid] [role=row]").length'
    await window.until('the list', async () => (await window.run<number>(shown)) > 10)
    const count = 'return Number(document.querySelector("[role=grid]").getAttribute("aria-rowcount"))'
    await window.until('the number of rows', async () => (await window.run<number>(count)) > households)
    await window.run('document.querySelector("[role=grid]").focus()')
    await window.press(keys.end)
    const last = `return [...document.querySelectorAll("[role=grid] [role=row]")].some((row) => Number(row.getAttribute("aria-rowindex")) >= ${households})`
    await window.until('the last row', () => window.run<boolean>(last))
    expect(await window.run<number>(shown)).toBeLessThanOrEqual(61)
    await window.screenshot(join(artefacts, 'desktop_people.png'))

    await window.go('/sync')
    await window.click('section button[data-main]')
    await window.shows('派出所已收', 180_000)
    await window.screenshot(join(artefacts, 'desktop_sync.png'))

    await window.go('/reports')
    await window.click('section .acts button[data-main]')
    const made = await window.until('the report file', () => findFile(laptop.folder, '.pdf'))
    expect(made).toContain(laptop.folder)
    await window.screenshot(join(artefacts, 'desktop_report.png'))
  } finally {
    await window.close()
  }
})

/** A file with this ending anywhere below a folder. */
async function findFile(folder: string, ending: string): Promise<string | undefined> {
  const names = await readdir(folder, { recursive: true })
  const found = names.find((name) => name.endsWith(ending))
  return found === undefined ? undefined : join(folder, found)
}
