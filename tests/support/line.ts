// A line that can be bad, in front of a station: the real `fengqiao-simulate proxy` on an address that stays the same.
import { Running, program } from './programs.ts'

/** What the line does to every connection from now on. */
export type Trouble = 'calm' | 'cut-up' | 'cut-down' | 'silent' | 'portal' | 'refuse'

export interface Pace {
  /** Where a cut or silence comes, in bytes. */
  bytes?: number
  /** Milliseconds until a byte arrives. */
  latencyMs?: number
  /** Thousands of bits a second. */
  kbit?: number
}

export class Line {
  private running: Running | null = null
  private address = '127.0.0.1:0'

  private constructor(private readonly to: string) {}

  /** A calm line to a station's server, given as host:port. */
  static async to(address: string): Promise<Line> {
    const line = new Line(address)
    await line.turn('calm')
    return line
  }

  /** Where laptops find it, as https address. */
  get url(): string {
    return `https://${this.address}`
  }

  /** Ends all connections and does this to those that come. */
  async turn(trouble: Trouble, pace: Pace = {}): Promise<void> {
    await this.down()
    const args = ['proxy', '--listen', this.address, '--to', this.to, '--line', trouble]
    if (pace.bytes !== undefined) args.push('--at-bytes', String(pace.bytes))
    if (pace.latencyMs !== undefined) args.push('--latency-ms', String(pace.latencyMs))
    if (pace.kbit !== undefined) args.push('--kbit', String(pace.kbit))
    this.running = Running.start(program('fengqiao-simulate'), args)
    const told = JSON.parse(await this.running.firstLine()) as { address: string }
    this.address = told.address
  }

  /** No line: nobody listens. */
  async down(): Promise<void> {
    await this.running?.end()
    this.running = null
  }
}
