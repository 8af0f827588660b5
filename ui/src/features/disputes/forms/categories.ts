// The tree of dispute categories as lines of a list: closed branches, an open one, or what a typed word leaves.
import type { Code } from '@/shared/use/codes'

export interface Line {
  code: string
  label: string
  level: 1 | 2 | 3
  /** Where it stands in the tree, above it. */
  path: string
  /** Opens and closes instead of being chosen. */
  branch: boolean
  open: boolean
}

export function pathOf(codes: ReadonlyMap<string, Code>, code: string, join: string): string {
  const names: string[] = []
  for (let at = codes.get(code)?.parent ?? null; at !== null; at = codes.get(at)?.parent ?? null) {
    const above = codes.get(at)
    if (!above || names.length > 3) break
    names.unshift(above.label)
  }
  return names.join(join)
}

/** `opened` is the branch shown whole. Typed words leave every category that has all of them in its name or path. */
export function linesOf(all: readonly Code[], opened: string | null, typed: string, join: string): Line[] {
  const codes = new Map(all.map((one) => [one.code, one]))
  const parents = new Set(all.map((one) => one.parent))
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean)
  const rootOf = (code: string): string => {
    const parent = codes.get(code)?.parent ?? null
    return parent === null ? code : rootOf(parent)
  }
  const line = (one: Code): Line => {
    const depth = one.code.length / 2
    const branch = one.parent === null && parents.has(one.code)
    const path = pathOf(codes, one.code, join)
    return {
      code: one.code,
      label: one.label,
      level: depth >= 3 ? 3 : depth === 2 ? 2 : 1,
      path,
      branch,
      open: branch && opened === one.code,
    }
  }
  if (words.length > 0) {
    return all
      .map(line)
      .filter((one) => !one.branch)
      .filter((one) => words.every((word) => `${one.path} ${one.label} ${one.code}`.toLowerCase().includes(word)))
      .sort((a, b) => hits(b.label, words) - hits(a.label, words))
  }
  return all.filter((one) => one.parent === null || rootOf(one.code) === opened).map(line)
}

const hits = (label: string, words: readonly string[]) =>
  words.filter((word) => label.toLowerCase().includes(word)).length
