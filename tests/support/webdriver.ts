// The real desktop window under a virtual display: Xvfb, tauri-driver in front of WebKitWebDriver, and as much of the
// WebDriver protocol as the journeys need. WebKit knows no text selectors; press keys rather than setting values.
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { spawn, type ChildProcess } from 'node:child_process'
import { program } from './programs.ts'

/** Longest wait for what should come soon. */
const PATIENCE_MS = 30_000

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'

/** Keys without a character. */
export const keys = {
  enter: '\uE007',
  tab: '\uE004',
  escape: '\uE00C',
  down: '\uE015',
  end: '\uE010',
  control: '\uE009',
  backspace: '\uE003',
}

interface Reference {
  [ELEMENT]: string
}

export class DesktopWindow {
  private constructor(
    private readonly display: ChildProcess,
    private readonly driver: ChildProcess,
    private readonly base: string,
    private session: string,
  ) {}

  /** Opens the window over a data folder, on a display of 1366 × 768. */
  static async open(data: string): Promise<DesktopWindow> {
    const { display, number } = await startDisplay()
    const [port, native] = [await freePort(), await freePort()]
    const env = { ...process.env, DISPLAY: `:${number}`, GDK_BACKEND: 'x11', LANG: 'zh_CN.UTF-8', NO_AT_BRIDGE: '1' }
    const args = ['--port', String(port), '--native-port', String(native)]
    const driver = spawn('tauri-driver', args, { env, stdio: 'ignore' })
    const window = new DesktopWindow(display, driver, `http://127.0.0.1:${port}`, '')
    await window.untilListening()
    const options = { application: program('fengqiao'), args: ['--data', data] }
    const made = await window.ask<{ sessionId: string }>('POST', '/session', {
      capabilities: { alwaysMatch: { 'tauri:options': options } },
    })
    window.session = made.sessionId
    return window
  }

  /** Waits until an element fits; gives its reference. */
  async find(css: string): Promise<string> {
    const found = await this.until(`an element ${css}`, async () => {
      const all = await this.command<Reference[]>('POST', '/elements', { using: 'css selector', value: css })
      return all[0]?.[ELEMENT]
    })
    return found
  }

  async click(css: string): Promise<void> {
    await this.command('POST', `/element/${await this.find(css)}/click`, {})
  }

  /** Clicks an element and types into what has the focus. */
  async type(css: string, text: string): Promise<void> {
    const element = await this.find(css)
    await this.command('POST', `/element/${element}/click`, {})
    await this.command('POST', `/element/${element}/value`, { text })
  }

  /** Presses keys into whatever has the focus, one after the other. */
  async press(...pressed: string[]): Promise<void> {
    const actions = pressed.flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ])
    await this.command('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] })
  }

  /** Goes to a room of the product by its route. */
  async go(route: string): Promise<void> {
    await this.run('location.hash = arguments[0]', `#${route}`)
  }

  async text(css: string): Promise<string> {
    return this.command<string>('GET', `/element/${await this.find(css)}/text`)
  }

  /** Waits until the page shows a text somewhere. */
  async shows(text: string, patience = PATIENCE_MS): Promise<void> {
    const body = 'return document.body.innerText.includes(arguments[0])'
    await this.until(`the text ${text}`, () => this.run<boolean>(body, text), patience)
  }

  /** Runs a function body in the page. */
  async run<T>(body: string, ...args: unknown[]): Promise<T> {
    return this.command<T>('POST', '/execute/sync', { script: body, args })
  }

  /** Waits until a question about the page has a true answer. */
  async until<T>(
    what: string,
    question: () => Promise<T | undefined | null | false>,
    patience = PATIENCE_MS,
  ): Promise<T> {
    const deadline = Date.now() + patience
    for (;;) {
      const answer = await question()
      if (answer !== undefined && answer !== null && answer !== false) return answer as T
      if (Date.now() > deadline) throw new Error(`${what} did not come`)
      await pause()
    }
  }

  async screenshot(path: string): Promise<void> {
    const image = await this.command<string>('GET', '/screenshot')
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, Buffer.from(image, 'base64'))
  }

  async close(): Promise<void> {
    if (this.session !== '') await this.command('DELETE', '').catch(() => undefined)
    for (const child of [this.driver, this.display]) {
      const ended = new Promise((resolve) => child.once('close', resolve))
      if (child.kill('SIGTERM')) await ended
    }
  }

  private command<T>(method: string, path: string, body?: unknown): Promise<T> {
    return this.ask<T>(method, `/session/${this.session}${path}`, body)
  }

  private async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.base}${path}`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const { value } = (await answer.json()) as { value: T }
    if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`)
    return value
  }

  private async untilListening(): Promise<void> {
    await this.until('tauri-driver', async () => {
      const answer = await fetch(`${this.base}/status`).catch(() => null)
      return answer !== null
    })
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100))
}

/** Starts a virtual display; it chooses its number and tells it on the third descriptor. */
async function startDisplay(): Promise<{ display: ChildProcess; number: string }> {
  const args = ['-displayfd', '3', '-screen', '0', '1366x768x24', '-nolisten', 'tcp']
  const display = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const number = await new Promise<string>((resolve, reject) => {
    display.once('error', reject)
    display.once('close', () => reject(new Error('Xvfb ended')))
    display.stdio[3]!.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()))
  })
  return { display, number }
}

/** A port nobody listens on just now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
