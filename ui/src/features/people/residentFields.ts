// The fields of a resident in groups, as page and form show them.
export interface FieldGroup {
  key: string
  fields: readonly string[]
}

export const residentGroups: readonly FieldGroup[] = [
  { key: 'identity', fields: ['name', 'former_name', 'id_kind', 'id_number', 'sex', 'birth_on', 'ethnic'] },
  { key: 'contact', fields: ['phone', 'employer', 'education', 'marital'] },
  { key: 'register', fields: ['kind', 'registered_address', 'registered_on', 'permit_until_on'] },
]

/** What a new person is asked first; the rest can wait. */
export const firstFields: readonly string[] = ['name', 'id_number', 'sex', 'birth_on', 'phone', 'kind']
