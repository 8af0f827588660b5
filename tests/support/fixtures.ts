// What a journey starts from. `station`: founded, with officers, served. `laptops`: enrolled and unlocked laptops of its
// people, started when first asked for. Everything lives in a folder of the test and is ended with it.
//
//   import { expect, test } from '../support/fixtures.ts'
//   test('an officer finds a household by initials', async ({ page, laptops }) => {
//     const laptop = await laptops.of('first')
//     await laptop.import('register.csv', registerCsv(registerRows(20)))
//     await laptop.open(page)
//     …
//   })
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'
import { Laptop } from './laptop.ts'
import { Station, type Who } from './station.ts'

export { expect }

/** The laptops of a station's people. */
export class Laptops {
  private readonly started: Laptop[] = []
  private readonly enrolled = new Map<Who, Laptop>()

  constructor(
    private readonly folder: string,
    private readonly station: Station,
  ) {}

  /** A laptop fresh from the shop: started, nothing on it. */
  async fresh(): Promise<Laptop> {
    const laptop = await Laptop.start(join(this.folder, `laptop-${this.started.length + 1}`))
    this.started.push(laptop)
    return laptop
  }

  /** Someone's laptop, enrolled and unlocked; not synced. */
  async of(who: Who): Promise<Laptop> {
    const present = this.enrolled.get(who)
    if (present) return present
    const laptop = await this.fresh()
    await laptop.enrol(this.station.enrol(who))
    this.enrolled.set(who, laptop)
    return laptop
  }

  async close(): Promise<void> {
    await Promise.all(this.started.map((laptop) => laptop.close()))
  }

  /** The last of every laptop's log, for a failed test. */
  log(): string {
    return this.started.map((laptop) => `--- ${laptop.folder}\n${laptop.log()}`).join('\n')
  }
}

interface Fixtures {
  folder: string
  station: Station
  laptops: Laptops
  /** Takes a screenshot that is kept, as `<name>.png` in tests/artefacts. */
  picture: (name: string) => Promise<void>
  /** Fails when axe finds what keeps people out of the screen shown. */
  accessible: () => Promise<void>
}

export const test = base.extend<Fixtures>({
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'fengqiao-journey-'))
    await use(folder)
    await rm(folder, { recursive: true, force: true })
  },
  station: async ({ folder }, use) => {
    const station = await Station.found(join(folder, 'station'))
    await use(station)
    await station.stop()
  },
  laptops: async ({ folder, station }, use, info) => {
    const laptops = new Laptops(folder, station)
    await use(laptops)
    if (info.status !== info.expectedStatus) await info.attach('laptops.log', { body: laptops.log() })
    await laptops.close()
  },
  picture: async ({ page }, use) => {
    await mkdir(artefacts, { recursive: true })
    await use(async (name) => {
      await page.screenshot({ path: join(artefacts, `${name}.png`) })
    })
  },
  accessible: async ({ page }, use) => {
    await use(() => judge(page))
  },
})

const artefacts = join(import.meta.dirname, '..', 'artefacts')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

async function judge(page: Page): Promise<void> {
  // The page's content policy allows no foreign script; evaluate runs outside it.
  await page.evaluate(axe)
  const found = await page.evaluate(async () => {
    type Violation = { id: string; impact: string; nodes: { html: string }[] }
    const { axe } = window as unknown as { axe: { run: (o: unknown) => Promise<{ violations: Violation[] }> } }
    const { violations } = await axe.run({ resultTypes: ['violations'] })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
  })
  expect(found).toEqual([])
}
