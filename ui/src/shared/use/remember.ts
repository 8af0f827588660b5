// Small things this laptop remembers before anybody has unlocked: the look, who was here last. Never anything of a record.
// The browser edition gets another port with every start, and a browser's storage belongs to one port; its cookies belong to
// the machine. So both are written, and whichever is there is read.
const YEAR_S = 31_536_000

export function remember(key: string, value: string): void {
  localStorage.setItem(key, value)
  document.cookie = `${key}=${encodeURIComponent(value)}; path=/; max-age=${YEAR_S}; samesite=strict`
}

export function recall(key: string): string | null {
  const kept = localStorage.getItem(key)
  if (kept !== null) return kept
  const found = document.cookie.split('; ').find((one) => one.startsWith(`${key}=`))
  return found === undefined ? null : decodeURIComponent(found.slice(key.length + 1))
}
