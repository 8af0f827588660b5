// Which answers a change makes old. A tag is a noun (`household`) or one record of it (`household:<id>`).

/** A change of `household:7` touches readers of `household` and of `household:7`, and the other way round. */
export function touches(read: string, changed: string): boolean {
  return read === changed || read === '*' || changed === '*' || covers(read, changed) || covers(changed, read)
}

function covers(wide: string, narrow: string): boolean {
  return narrow.startsWith(`${wide}:`)
}

export function anyTouches(read: readonly string[], changed: readonly string[]): boolean {
  return read.some((tag) => changed.some((other) => touches(tag, other)))
}
