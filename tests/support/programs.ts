// Where the built programs are, and how one is started, listened to and ended.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
const target = process.env.CARGO_TARGET_DIR || join(cache, 'fengqiao', 'target')
const folder = process.env.FENGQIAO_PROGRAMS || join(target, 'debug')

/** The built screens. */
export const screens = join(import.meta.dirname, '..', '..', 'ui', 'dist')

/** Path of a program of the project. */
export function program(name: string): string {
  const path = join(folder, name)
  if (!existsSync(path)) throw new Error(`${path} is not built; \`cargo xtask test\` builds it`)
  return path
}

/** Runs a program to its end and gives what it wrote; throws with its errors when it failed. */
export function run(name: string, args: string[]): string {
  const done = spawnSync(program(name), args, { encoding: 'utf8', maxBuffer: 64 << 20 })
  if (done.status !== 0) throw new Error(`${name} ${args.join(' ')}\n${done.error ?? ''}${done.stdout}${done.stderr}`)
  return done.stdout
}

/** A program that runs until it is ended. */
export class Running {
  private errors = ''
  private readonly ended: Promise<void>

  private constructor(
    readonly child: ChildProcess,
    private readonly name: string,
  ) {
    this.ended = new Promise((resolve) => child.once('close', () => resolve()))
    child.stderr?.on('data', (chunk: Buffer) => (this.errors = (this.errors + chunk.toString()).slice(-20_000)))
  }

  /** Starts a program. */
  static start(path: string, args: string[], env: NodeJS.ProcessEnv = {}): Running {
    const child = spawn(path, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    return new Running(child, path)
  }

  /** The first line it writes to standard output. */
  async firstLine(): Promise<string> {
    const lines = createInterface({ input: this.child.stdout! })
    for await (const line of lines) return line
    await this.ended
    throw new Error(`${this.name} ended without a line\n${this.errors}`)
  }

  /** What it wrote to standard error, the last of it. */
  log(): string {
    return this.errors
  }

  /** Ends it in order and waits. */
  async end(): Promise<void> {
    if (this.child.exitCode === null) this.child.kill('SIGTERM')
    await this.ended
  }

  /** Ends it as a power cut would, and waits. */
  async cut(): Promise<void> {
    if (this.child.exitCode === null) this.child.kill('SIGKILL')
    await this.ended
  }
}
