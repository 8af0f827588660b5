// Which choices a typed word leaves. No reading of characters: words, codes and initials given with the choice.
export interface Choice {
  value: string
  label: string
  /** Said behind the label. */
  note?: string
  /** More to find it by: a code, initials. */
  also?: string
  /** Why it cannot be chosen now. */
  off?: string
}

/** What a list below a field shows of each of its choices. */
export interface ListChoice {
  key: string
  label: string
  note?: string
  off?: string
}

export function matching(choices: readonly Choice[], typed: string): Choice[] {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...choices]
  const found = choices.filter((choice) => {
    const text = `${choice.label} ${choice.note ?? ''} ${choice.also ?? ''} ${choice.value}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  const first = words[0] ?? ''
  return found.sort((a, b) => Number(b.label.startsWith(first)) - Number(a.label.startsWith(first)))
}

/** The choice a key leads to in an open list of `total`; null when the key means nothing to it. */
export function choiceAfterKey(key: string, from: number, total: number): number | null {
  if (total === 0) return null
  if (key === 'ArrowDown') return (from + 1) % total
  if (key === 'ArrowUp') return (from - 1 + total) % total
  if (key === 'Home') return 0
  if (key === 'End') return total - 1
  return null
}
