// A made-up station, run by the real program: founded, served over TLS on loopback, with officers to enrol.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Running, program, run } from './programs.ts'

export interface Enrolment {
  /** Path of the sealed file. */
  file: string
  /** The code told separately. */
  code: string
  /** Id of the laptop's replica. */
  replica: string
}

export interface OfficerPlan {
  name: string
  number: string
  role: 'officer' | 'auxiliary' | 'clerk' | 'chief' | 'auditor' | 'admin'
  /** Cells held, or all. */
  scopes: string[]
  /** What his laptop is called. */
  laptop: string
}

/** The people of every journey: two beat officers of one cell, and the chief. */
export const people = {
  first: { name: '郑和平', number: '010001', role: 'officer', scopes: ['cell:QF-01'], laptop: 'QF-07' },
  second: { name: '沈雨晴', number: '010002', role: 'officer', scopes: ['cell:QF-01'], laptop: 'QF-08' },
  chief: { name: '方守正', number: '010000', role: 'chief', scopes: ['all'], laptop: 'QF-01' },
} as const satisfies Record<string, OfficerPlan>

export type Who = keyof typeof people

/** The cells, each with its villages as code:name. */
export const cells = [
  { code: 'QF-01', name: '青枫一格', villages: ['330681100201:枫源村', '330681100202:上塘村'] },
  { code: 'QF-02', name: '青枫二格', villages: ['330681100203:石桥村'] },
]

export class Station {
  private server: Running | null = null
  private address = ''
  private made = 0
  private recoveryCode = ''
  /** Where laptops are told to find it, when that is not its own address: a line in front of it. */
  front: string | null = null

  private constructor(public folder: string) {}

  /** Founds a station with its cells and officers, and serves it. */
  static async found(folder: string): Promise<Station> {
    const station = new Station(folder)
    const founded = station.tell('init', '--name', '青枫派出所', '--division', '330681100000', '--made-up')
    station.recoveryCode = String(founded.recovery_code)
    for (const cell of cells)
      station.tell(
        'cell',
        'add',
        '--code',
        cell.code,
        '--name',
        cell.name,
        ...cell.villages.flatMap((one) => ['--village', one]),
      )
    for (const officer of Object.values(people)) station.employ(officer)
    await station.serve()
    return station
  }

  /** Runs an act of the administrator and gives its answer. */
  tell(...args: string[]): Record<string, unknown> {
    const answer = run('fengqiao-station', ['--dir', this.folder, '--json', ...args])
    return answer.trim() === '' ? {} : (JSON.parse(answer) as Record<string, unknown>)
  }

  employ(officer: OfficerPlan): void {
    this.tell('officer', 'add', '--name', officer.name, '--number', officer.number, '--role', officer.role)
    for (const scope of officer.scopes)
      this.tell('assign', '--officer', officer.number, '--scope', scope, '--from', '2026-01-01')
  }

  /** Starts the server; after `stop` on the same port as before. */
  async serve(): Promise<void> {
    const listen = this.address || '127.0.0.1:0'
    this.server = Running.start(program('fengqiao-station'), ['--dir', this.folder, 'serve', '--listen', listen])
    const told = JSON.parse(await this.server.firstLine()) as { listening: string }
    this.address = told.listening
  }

  /** The server goes away; the station stays. */
  async stop(): Promise<void> {
    await this.server?.end()
    this.server = null
  }

  /** Where its server listens, host:port. */
  get listening(): string {
    return this.address
  }

  get url(): string {
    return this.front ?? `https://${this.address}`
  }

  /** Makes a backup into a new file, while the server runs. */
  backup(file: string): Record<string, unknown> {
    return this.tell('backup', '--out', file)
  }

  /** The machine is lost: from now on the station is what the backup holds, in another folder, on the same address. */
  async restore(file: string, folder: string): Promise<Record<string, unknown>> {
    await this.stop()
    this.folder = folder
    const code = `${file}.code`
    writeFileSync(code, this.recoveryCode)
    const restored = this.tell('restore', '--from', file, '--code-file', code)
    await this.serve()
    return restored
  }

  /** What `status` says to a person. */
  status(): string {
    return run('fengqiao-station', ['--dir', this.folder, 'status'])
  }

  /** Makes an enrolment file for someone's laptop. */
  enrol(who: Who): Enrolment {
    const { number, laptop } = people[who]
    const file = join(this.folder, `${laptop}-${++this.made}.fqenrol`)
    const answer = this.tell('enrol', '--officer', number, '--laptop', laptop, '--url', this.url, '--out', file)
    return { file, code: String(answer.code), replica: String(answer.replica) }
  }
}
