// A tour of every screen of the real browser edition on a made-up station: a picture of each in both languages, both themes,
// both sizes and enlarged, under artefacts/tour/<look>/, and a list of what a machine can see is ugly. `npm run tour`.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { Laptop } from '../support/laptop.ts'
import { Station } from '../support/station.ts'
import { flaws } from './judge.ts'
import { MadeStation, type MadeLaptop } from './made.ts'
import { gateStops } from './rare.ts'
import { chiefStops, emptyStops, officerStops, type Answer, type Stop } from './stops.ts'

interface Look {
  language: 'zh' | 'en'
  theme: 'light' | 'dark'
  width: number
  height: number
  zoom: number
}

const looks: Look[] = [
  { language: 'zh', theme: 'light', width: 1366, height: 768, zoom: 100 },
  { language: 'en', theme: 'light', width: 1366, height: 768, zoom: 100 },
  { language: 'zh', theme: 'dark', width: 1366, height: 768, zoom: 100 },
  { language: 'en', theme: 'dark', width: 1366, height: 768, zoom: 125 },
  { language: 'zh', theme: 'light', width: 1366, height: 768, zoom: 125 },
  { language: 'zh', theme: 'light', width: 1920, height: 1080, zoom: 100 },
  { language: 'en', theme: 'dark', width: 1920, height: 1080, zoom: 100 },
]
const named = (look: Look) => `${look.language}-${look.theme}-${look.width}-${look.zoom}`
const only = (process.env.TOUR_STOPS ?? '').split(',').filter(Boolean)
const artefacts = join(import.meta.dirname, '..', 'artefacts', 'tour')

let folder: string
let station: MadeStation
let empty: Station
const laptops: Laptop[] = []

async function start(from: MadeLaptop): Promise<Laptop> {
  const laptop = await Laptop.start(from.data)
  laptops.push(laptop)
  laptop.replica = from.replica
  await laptop.unlock(station.passphrase)
  return laptop
}

async function wear(laptop: Laptop, look: Look): Promise<void> {
  const { language, theme, zoom: zoom_percent } = look
  await laptop.call('settings_set', { language, theme, zoom_percent, auto_lock_minutes: 60 })
}

async function walk(page: Page, laptop: Laptop, look: Look, stops: readonly Stop[]): Promise<string[]> {
  const found: string[] = []
  const into = join(artefacts, named(look))
  await mkdir(into, { recursive: true })
  await laptop.open(page)
  for (const stop of stops) {
    if (only.length > 0 && !only.some((part) => stop.name.includes(part))) continue
    for (const [command, answer] of Object.entries(stop.answers ?? {})) await tellInstead(page, command, answer)
    await page.goto(`${laptop.origin}/#${stop.route}`)
    await page.reload()
    await settled(page)
    if (stop.does) {
      await stop.does(page).catch((thrown) => found.push(`${stop.name}: ${thrown}`))
      await settled(page)
    }
    await page.screenshot({ path: join(into, `${stop.name}.png`) })
    for (const flaw of await flaws(page)) found.push(`${stop.name}: ${flaw}`)
    await page.unrouteAll({ behavior: 'ignoreErrors' })
  }
  return found
}

/** Changes what a command answers on its way to the screen, or lets it fail with a code. */
async function tellInstead(page: Page, command: string, answer: Answer | string): Promise<void> {
  await page.route(`**/rpc/${command}`, async (route) => {
    if (typeof answer === 'string') {
      return route.fulfill({ status: 422, json: { code: answer, args: {}, kind: 'rejected' } })
    }
    const real = await route.fetch()
    return route.fulfill({ json: answer(await real.json()) })
  })
}

/** Until nothing is being read any more and the screen has been drawn. */
async function settled(page: Page): Promise<void> {
  await page.locator('#app > *').first().waitFor()
  await page.waitForLoadState('networkidle').catch(() => undefined)
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
}

test.beforeAll(async () => {
  test.setTimeout(900_000)
  folder = await mkdtemp(join(tmpdir(), 'fengqiao-tour-'))
  station = await MadeStation.copy(join(folder, 'made'))
  empty = await Station.found(join(folder, 'empty'))
})
test.afterAll(async () => {
  await Promise.all(laptops.map((laptop) => laptop.close()))
  await station.stop()
  await empty.stop()
  await rm(folder, { recursive: true, force: true })
})

for (const look of looks) {
  test(`every screen in ${named(look)}`, async ({ browser }) => {
    const context = await browser.newContext({ viewport: { width: look.width, height: look.height } })
    const page = await context.newPage()
    const officer = laptops[0] ?? (await start(station.laptop(0)))
    await wear(officer, look)
    const found = await walk(page, officer, look, await officerStops(officer))
    const chief = laptops[1] ?? (await start(station.laptop(3)))
    await wear(chief, look)
    found.push(...(await walk(page, chief, look, await chiefStops(chief))))
    if (!laptops[2]) {
      laptops.push(await Laptop.start(join(folder, 'empty-laptop')))
      await laptops[2]!.enrol(empty.enrol('first'))
    }
    await wear(laptops[2]!, look)
    found.push(...(await walk(page, laptops[2]!, look, emptyStops)))
    await officer.call('lock')
    found.push(...(await walk(page, officer, look, gateStops)))
    await officer.unlock(station.passphrase)
    await context.close()
    expect.soft(found).toEqual([])
  })
}
