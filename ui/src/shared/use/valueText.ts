// How the value of a field reads, whatever it holds: codes become words, instants and days are written as everywhere.
import { t } from '@/i18n'
import type { ScalarJson } from '@/ipc/generated/types'
import { money, shortOn, when } from '../format'
import { fieldOf } from '../labels'
import { useCodes } from './codes'

export function useValueText() {
  const codes = useCodes()

  function valueText(key: string, kind: string | undefined, value: ScalarJson | undefined): string {
    if (value === null || value === undefined || value === '') return ''
    const field = fieldOf(key, kind)
    if (typeof value === 'boolean') return t(value ? 'shared.yes' : 'shared.no')
    if (field?.type === 'instant' && typeof value === 'number') return when(value)
    if (field?.type === 'money' && typeof value === 'number') return money(value)
    if (field?.type === 'date' && typeof value === 'string') return shortOn(value)
    if (field?.type === 'code' && field.table !== null) return codes.label(field.table, String(value))
    if (field?.type === 'dispute_state') return codes.label('dispute_state', String(value))
    return String(value)
  }
  return { valueText }
}
