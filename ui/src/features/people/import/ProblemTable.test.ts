import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { useTransport } from '@/ipc/client'
import type { ImportDryRun, ImportInspected } from '@/ipc/generated/types'
import { setUpHost } from '../../../../tests/host'
import ProblemTable from './ProblemTable.vue'
import { begin, work } from './state'

afterEach(() => {
  useTransport(null)
  begin()
})

it('the rows left out can be taken along as a workbook, all of them', async () => {
  const host = setUpHost({
    import_problems_export: () => ({ name: '未导入的行.xlsx', path: '/x', bytes: 1, content_base64: null }),
  })
  work.inspected = { import: 'i1' } as ImportInspected
  const tried = {
    problems: [{ row: 2, column: 'name', code: 'missing', args: {} }],
    problem_count: 700,
    rejected: 700,
    by_code: { missing: 700 },
  } as unknown as ImportDryRun
  const table = host.mount(ProblemTable, { props: { tried } })
  await flushPromises()
  await table.get('[data-export]').trigger('click')
  await flushPromises()
  expect(host.payloads('import_problems_export')).toEqual([{ import: 'i1' }])
})
