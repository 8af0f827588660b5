// How a field of a record is called, from the shapes that come from Rust. `sessions/<id>/kind` is the field of an item.
import { locale } from '@/i18n'
import { shapes, type FieldView } from '@/ipc/generated/shapes'

/** The field behind a key; null when no shape has it. Without a kind the first record that has it is taken. */
export function fieldOf(key: string, kind?: string): FieldView | null {
  const kinds = kind === undefined ? Object.values(shapes) : [shapes[kind]]
  const [head, , item] = key.split('/')
  for (const shape of kinds) {
    const fields = item === undefined ? shape?.fields : shape?.collections.find((one) => one.key === head)?.fields
    const found = fields?.find((field) => field.key === (item ?? head))
    if (found) return found
  }
  return null
}

/** How a field is called in the language shown; its key when nobody knows it. */
export function fieldLabel(key: string, kind?: string): string {
  const field = fieldOf(key, kind)
  if (field === null) return key
  return locale() === 'zh' ? field.zh : field.en.charAt(0).toUpperCase() + field.en.slice(1)
}
