import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { errorCodes } from '@/ipc/generated/errors'

const root = join(import.meta.dirname, '..', 'src')

type Messages = Record<string, string>

function flatten(value: unknown, path: string, into: Messages): Messages {
  if (typeof value === 'string') into[path] = value
  else for (const [key, inner] of Object.entries(value as object)) flatten(inner, `${path}.${key}`, into)
  return into
}
function read(locale: 'zh' | 'en'): Messages {
  const all: Messages = {}
  for (const file of readdirSync(join(root, 'i18n', locale))) {
    flatten(JSON.parse(readFileSync(join(root, 'i18n', locale, file), 'utf8')), file.replace(/\.json$/, ''), all)
  }
  return all
}
function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'generated' ? [] : sources(path)
    return /\.(vue|ts)$/.test(entry.name) && !/\.test\.ts$/.test(entry.name) ? [path] : []
  })
}
const named = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()

const zh = read('zh')
const en = read('en')

describe('messages', () => {
  it('have the same keys in Chinese and English', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
  })
  it('take the same arguments in both languages', () => {
    const differing = Object.keys(zh).filter((key) => {
      const english = (en[key] ?? '').split(' | ').map((form) => [...new Set(named(form))].join())
      const chinese = [...new Set(named(zh[key] ?? ''))].join()
      return english.some((form) => form !== chinese)
    })
    expect(differing).toEqual([])
  })
  it('are silent in both languages or in none', () => {
    expect(Object.keys(zh).filter((key) => (zh[key]?.trim() === '') !== (en[key]?.trim() === ''))).toEqual([])
  })
  it('exist for every key a source names', () => {
    const missing = sources(root).flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/\bt\(\s*'([\w.]+)'/g)]
        .map((match) => match[1] ?? '')
        .filter((key) => zh[key] === undefined)
        .map((key) => `${path}: ${key}`),
    )
    expect(missing).toEqual([])
  })
  it('exist for every error code, in both languages', () => {
    expect(errorCodes.filter((code) => zh[`errors.${code}`] === undefined)).toEqual([])
    expect(errorCodes.filter((code) => en[`errors.${code}`] === undefined)).toEqual([])
  })
  it('are not written into sources', () => {
    const written = sources(root).filter((path) => {
      const text = readFileSync(path, 'utf8')
        .replace(/<!--[\s\S]*?-->|\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, '')
        .replace(/'中文'|>枫<|\/\[[^\]]*\]\/g?|'今天'|'昨天'/g, '')
      return /\p{Script=Han}/u.test(text)
    })
    expect(written.map((path) => path.slice(root.length))).toEqual(['/shared/format.ts'])
  })
})
