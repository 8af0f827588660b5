// What the program is made of and under which terms. The full list of every package is in the source.
export interface Licence {
  name: string
  /** Key of the words for what it does. */
  use: 'store' | 'merge' | 'window' | 'screens' | 'charts' | 'papers' | 'sheets' | 'network' | 'keys'
  terms: string
}

export const licences: readonly Licence[] = [
  { name: 'SQLCipher', use: 'store', terms: 'BSD-3-Clause' },
  { name: 'SQLite', use: 'store', terms: 'Public domain' },
  { name: 'OpenSSL', use: 'store', terms: 'Apache-2.0' },
  { name: 'Automerge', use: 'merge', terms: 'MIT' },
  { name: 'Tauri', use: 'window', terms: 'Apache-2.0 / MIT' },
  { name: 'Vue, Vue Router, Pinia, Vue I18n', use: 'screens', terms: 'MIT' },
  { name: 'TanStack Query, TanStack Virtual', use: 'screens', terms: 'MIT' },
  { name: 'Element Plus', use: 'screens', terms: 'MIT' },
  { name: 'Apache ECharts', use: 'charts', terms: 'Apache-2.0' },
  { name: 'Typst', use: 'papers', terms: 'Apache-2.0' },
  { name: 'rust_xlsxwriter, calamine', use: 'sheets', terms: 'MIT / Apache-2.0' },
  { name: 'rustls, ring', use: 'network', terms: 'Apache-2.0 / ISC / MIT' },
  { name: 'RustCrypto, dalek', use: 'keys', terms: 'Apache-2.0 / MIT / BSD-3-Clause' },
]
