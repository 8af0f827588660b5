// A made-up station of realistic size for the tour of the screens: made once by fengqiao-simulate, kept under artefacts, and
// copied for each tour, so that a tour may write whatever it likes.
import { execFileSync, spawnSync } from 'node:child_process'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Running, program } from '../support/programs.ts'

const RESIDENTS = process.env.TOUR_RESIDENTS ?? '1200'
const WEEKS = '60'

export interface MadeLaptop {
  laptop: string
  number: string
  data: string
  replica: string
}
interface Told {
  url: string
  passphrase: string
  laptops: MadeLaptop[]
}

const artefacts = join(import.meta.dirname, '..', 'artefacts')
const kept = join(artefacts, 'made')

/** A copy of the station with its laptops in a folder of its own; its server is not running. */
export class MadeStation {
  private server: Running | null = null

  private constructor(
    private readonly folder: string,
    private readonly told: Told,
  ) {}

  static async copy(folder: string): Promise<MadeStation> {
    const note = join(kept, 'made.json')
    if (!existsSync(note)) await make(note)
    await cp(kept, folder, { recursive: true })
    return new MadeStation(folder, JSON.parse(await readFile(note, 'utf8')) as Told)
  }

  get passphrase(): string {
    return this.told.passphrase
  }

  /** A laptop by its place in the list: three officers, the chief last. */
  laptop(place: number): MadeLaptop {
    const found = this.told.laptops[place]!
    return { ...found, data: join(this.folder, 'laptops', found.laptop) }
  }

  tell(...args: string[]): void {
    execFileSync(program('fengqiao-station'), ['--dir', join(this.folder, 'station'), '--json', ...args])
  }

  async serve(): Promise<void> {
    const listen = new URL(this.told.url).host
    const args = ['--dir', join(this.folder, 'station'), 'serve', '--listen', listen]
    this.server = Running.start(program('fengqiao-station'), args)
    await this.server.firstLine()
  }

  async stop(): Promise<void> {
    await this.server?.end()
    this.server = null
  }
}

async function make(note: string): Promise<void> {
  await rm(kept, { recursive: true, force: true })
  await mkdir(kept, { recursive: true })
  const args = ['make', '--residents', RESIDENTS, '--weeks', WEEKS, '--url', `https://127.0.0.1:${await freePort()}`]
  args.push('--station-dir', join(kept, 'station'), '--data-dir', join(kept, 'laptops'))
  const done = spawnSync(program('fengqiao-simulate'), args, { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`fengqiao-simulate make\n${done.stderr}`)
  await writeFile(note, done.stdout.trim().split('\n').at(-1)!)
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
