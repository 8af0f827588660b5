// A file the Rust side made: a browser saves it, the desktop app has already written it and says where.
import { t } from '@/i18n'
import type { FileMade } from '@/ipc/generated/types'
import { toast } from './toast'

export function deliver(file: FileMade): void {
  if (file.content_base64 !== null) save(file.name, file.content_base64)
  toast(t('shared.file_saved', { name: file.name }), { hint: file.content_base64 === null ? file.path : null })
}

function save(name: string, base64: string): void {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  const address = URL.createObjectURL(new Blob([bytes]))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
