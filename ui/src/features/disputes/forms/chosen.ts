// Mediators chosen for a case: items of its collection `mediators`, one of them the host.
import type { CaseMediator } from '@/ipc/generated/types'
import { itemsOf, withoutItem, type Fields } from '@/shared/changes'

export function fieldsOf(mediators: readonly CaseMediator[]): Fields {
  return Object.fromEntries(
    mediators.flatMap((one) => [
      [`mediators/${one.item}/mediator`, one.mediator],
      [`mediators/${one.item}/name`, one.name],
      [`mediators/${one.item}/host`, one.host],
    ]),
  )
}

/** The item of a mediator in the case, or null. */
export function itemOf(values: Fields, mediator: string): string | null {
  return itemsOf(values, 'mediators').find((item) => values[`mediators/${item}/mediator`] === mediator) ?? null
}

export function hostOf(values: Fields): string | null {
  return itemsOf(values, 'mediators').find((item) => values[`mediators/${item}/host`] === true) ?? null
}

/** Takes a mediator in, or out again. The first one hosts. */
export function toggled(
  values: Fields,
  before: Fields,
  row: { document: string; name: string },
  fresh: string,
): Fields {
  const item = itemOf(values, row.document)
  if (item !== null) {
    const left = withoutItem(values, before, 'mediators', item)
    const next = itemsOf(left, 'mediators')[0]
    return hostOf(left) === null && next !== undefined ? hosted(left, next) : left
  }
  // One taken out before comes back as the item it was.
  const old = Object.keys(values).find((key) => key.endsWith('/mediator') && values[key] === row.document)
  const back = old?.split('/')[1]
  const first = hostOf(values) === null
  if (back !== undefined) return { ...values, [`mediators/${back}/_gone`]: false, [`mediators/${back}/host`]: first }
  return {
    ...values,
    [`mediators/${fresh}/mediator`]: row.document,
    [`mediators/${fresh}/name`]: row.name,
    [`mediators/${fresh}/host`]: first,
  }
}

/** One hosts, the others do not. */
export function hosted(values: Fields, host: string): Fields {
  const hosts = itemsOf(values, 'mediators').map((item) => [`mediators/${item}/host`, item === host])
  return { ...values, ...Object.fromEntries(hosts) }
}
