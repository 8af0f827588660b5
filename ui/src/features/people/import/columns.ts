// Which column of the file is which column of a register. One column of the register takes one of the file.

/** The register's columns in the order of a template, as `domain::register` names them. */
export const registerColumns = [
  'name',
  'former_name',
  'sex',
  'document_kind',
  'document_number',
  'ethnic',
  'birth_date',
  'relation',
  'household_number',
  'household_kind',
  'head_name',
  'phone',
  'address',
  'registered_address',
  'village',
  'group',
  'plate',
  'cell',
  'education',
  'marital',
  'employer',
  'resident_kind',
  'moved_in_on',
  'note',
] as const

export type Mapping = Record<string, number>

/** The register's column a column of the file is taken for. */
export function columnAt(mapping: Mapping, place: number): string | null {
  return Object.entries(mapping).find(([, at]) => at === place)?.[0] ?? null
}

/** Takes a column of the file for another one; whoever had either gives it up. */
export function assign(mapping: Mapping, place: number, column: string | null): Mapping {
  const left = Object.fromEntries(Object.entries(mapping).filter(([name, at]) => at !== place && name !== column))
  return column === null ? left : { ...left, [column]: place }
}

/** Long numbers are covered in the middle here as everywhere: enough is left to see what they are. */
function covered(text: string): string {
  return text.replace(
    /\d{9,}[\dXx]/g,
    (number) => `${number.slice(0, 3)}${'*'.repeat(number.length - 7)}${number.slice(-4)}`,
  )
}

/** The first values of a column, without empty ones, each once. */
export function samplesOf(sample: readonly (readonly string[])[], place: number, most = 3): string[] {
  const values = sample.map((row) => row[place]?.trim() ?? '').filter((text) => text !== '')
  return [...new Set(values.map(covered))].slice(0, most)
}

/** Whether two guesses of the same thing are missing: no address and no plate, say. */
export function mappingLacks(mapping: Mapping): 'name' | null {
  return mapping.name === undefined ? 'name' : null
}
