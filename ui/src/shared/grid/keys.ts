// Where a key leads in a list. Plain arithmetic, so a table of cases tests it.

/** The row a key leads to, or null when the key means nothing to a list. */
export function rowAfterKey(key: string, from: number, total: number, page: number): number | null {
  if (total <= 0) return null
  const clamp = (row: number) => Math.min(total - 1, Math.max(0, row))
  switch (key) {
    case 'ArrowDown':
      return clamp(from + 1)
    case 'ArrowUp':
      return clamp(from < 0 ? 0 : from - 1)
    case 'PageDown':
      return clamp(from + page)
    case 'PageUp':
      return clamp(from - page)
    case 'Home':
      return 0
    case 'End':
      return total - 1
    default:
      return null
  }
}
