// A laptop: the real browser edition over a folder of its own. Journeys open its screens in a page; what a journey is not
// about (enrolling, importing) is done through the same calls the screens make.
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { Running, program, screens } from './programs.ts'
import type { Enrolment } from './station.ts'

export const PASSPHRASE = '枫桥经验 2026'

interface HostEvent {
  type: string
  state?: string
  job?: string
}

export class CallError extends Error {
  constructor(
    readonly command: string,
    readonly status: number,
    readonly answer: { code?: string; args?: Record<string, unknown>; kind?: string },
  ) {
    super(`${command}: ${status} ${JSON.stringify(answer)}`)
  }
}

export class Laptop {
  private running: Running | null = null
  private at = { url: '', token: '' }
  replica = ''

  private constructor(readonly folder: string) {}

  /** Starts the program over a folder. */
  static async start(folder: string): Promise<Laptop> {
    const laptop = new Laptop(folder)
    await laptop.resume()
    return laptop
  }

  /** Starts the program again over the same folder. */
  async resume(): Promise<void> {
    this.running = Running.start(program('fengqiao-browser'), ['--data', this.folder, '--ui', screens, '--no-open'])
    this.at = JSON.parse(await this.running.firstLine()) as { url: string; token: string }
  }

  /** Where it is served, without the token. */
  get origin(): string {
    return new URL(this.at.url).origin
  }

  /** Shows its screens in a page. */
  async open(page: Page, route = ''): Promise<void> {
    await page.goto(`${this.origin}/#token=${this.at.token}`)
    // Its router listens once something is drawn; a route given before that is lost.
    await page.locator('#app > *').first().waitFor()
    if (route !== '') await page.goto(`${this.origin}/#${route}`)
  }

  /** Runs a command as the screens do; throws a `CallError` with the code. */
  async call<T = Record<string, unknown>>(command: string, request: unknown = {}): Promise<T> {
    const answer = await fetch(`${this.origin}/rpc/${command}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-fengqiao-token': this.at.token },
      body: JSON.stringify(request),
    })
    const text = await answer.text()
    const value: unknown = text === '' ? null : JSON.parse(text)
    if (!answer.ok) throw new CallError(command, answer.status, value as { code?: string })
    return value as T
  }

  /** Enrols with a file and its code; unlocked afterwards. */
  async enrol(enrolment: Enrolment, passphrase = PASSPHRASE): Promise<void> {
    const file = await readFile(enrolment.file)
    this.replica = enrolment.replica
    await this.call('enrol', { file_base64: file.toString('base64'), code: enrolment.code, passphrase })
    await this.unlock(passphrase)
  }

  /** Unlocks, unless it is unlocked already. */
  async unlock(passphrase = PASSPHRASE): Promise<void> {
    const status = await this.call<{ state: string }>('session_status')
    if (status.state !== 'unlocked') await this.call('unlock', { replica: this.replica, passphrase })
  }

  /** Syncs and waits until the attempt has ended; gives how it ended. */
  async sync(): Promise<{ outcome: string; received: number; of: number; fetched: number; detail: string | null }> {
    type Run = { at: number; outcome: string; received: number; of: number; fetched: number; detail: string | null }
    type Status = { running: unknown; last: Run | null }
    const before = await this.call<Status>('sync_status')
    const heard = await this.listen((event) => event.type === 'sync' && event.state === 'ended')
    await this.call('sync_now')
    await heard.event
    const after = await this.call<Status>('sync_status')
    if (after.last === null || after.last.at === before.last?.at) throw new Error('the attempt left no trace')
    return after.last
  }

  /** Begins to listen; `event` is there when an event fits. */
  async listen(fits: (event: HostEvent) => boolean): Promise<{ event: Promise<void> }> {
    const cut = new AbortController()
    const answer = await fetch(`${this.origin}/events?token=${this.at.token}`, { signal: cut.signal })
    return { event: untilFits(answer, fits).finally(() => cut.abort()) }
  }

  /** Follows a job to its end and gives its numbers. */
  async job(job: string): Promise<Record<string, number>> {
    type Status = { state: string; error: unknown; result: Record<string, number> }
    for (;;) {
      const status = await this.call<Status>('job_status', { job })
      if (status.state === 'done') return status.result
      if (status.state !== 'running') throw new Error(`job ${status.state}: ${JSON.stringify(status.error)}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  /** Imports a register as it is: every guess of the program accepted. */
  async import(name: string, content: Buffer | string): Promise<Record<string, number>> {
    type Inspected = { import: string; sheets: { name: string; mapping: Record<string, number> }[] }
    const bytes = Buffer.from(content)
    const inspected = await this.call<Inspected>('import_inspect', { name, file_base64: bytes.toString('base64') })
    const sheet = inspected.sheets[0]!
    const plan = { import: inspected.import, sheet: sheet.name, mapping: sheet.mapping, cell: null, village: null }
    await this.call('import_dry_run', plan)
    const { job } = await this.call<{ job: string }>('import_commit', {
      import: inspected.import,
      accept_before_first_sync: true,
    })
    return this.job(job)
  }

  /** Closes the lid: ends in order. */
  async close(): Promise<void> {
    await this.running?.end()
    this.running = null
  }

  /** A power cut. */
  async cut(): Promise<void> {
    await this.running?.cut()
    this.running = null
  }

  /** The last of its log. */
  log(): string {
    return this.running?.log() ?? ''
  }
}

/** Reads server-sent events until one fits. */
async function untilFits(answer: Response, fits: (event: HostEvent) => boolean): Promise<void> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of answer.body!) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    const lines = text.split('\n')
    text = lines.pop() ?? ''
    for (const line of lines) if (line.startsWith('data: ') && fits(JSON.parse(line.slice(6)) as HostEvent)) return
  }
  throw new Error('the event stream ended')
}
