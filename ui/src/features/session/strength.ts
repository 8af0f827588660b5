// A rough word on a passphrase while it is typed. The rule itself (at least 8 characters) is kept by the Rust side.

export type Strength = 'short' | 'weak' | 'fair' | 'good'

export const LEAST_CHARACTERS = 8
const GOOD_CHARACTERS = 14
const COMMON = /^(?:\d+|(.)\1+|(?:abc|123|qwe|password|mima)\S{0,6})$/i

export function strengthOf(passphrase: string): Strength {
  const characters = [...passphrase]
  if (characters.length < LEAST_CHARACTERS) return 'short'
  if (COMMON.test(passphrase) || new Set(characters).size < 5) return 'weak'
  const kinds = [/\p{Script=Han}/u, /[a-z]/, /[A-Z]/, /\d/, /[^\p{L}\d]/u].filter((kind) =>
    kind.test(passphrase),
  ).length
  return characters.length >= GOOD_CHARACTERS || (characters.length >= 10 && kinds >= 3) ? 'good' : 'fair'
}
