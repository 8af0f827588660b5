// Step 8 of the shift: the chief's laptop, the weekly report, every number opens its rows, files other programs can read.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../support/fixtures.ts'
import { registerCsv, registerRows } from '../support/register.ts'

interface File {
  name: string
  content_base64: string
}
interface Week {
  year: number
  week: number
  figures: { key: string; now: { value: number; of: number | null } }[]
}

test('the chief exports the weekly report and every number opens its rows', async ({
  page,
  laptops,
  folder,
  picture,
  accessible,
}) => {
  const officer = await laptops.of('first')
  await officer.sync()
  await officer.import('register.csv', registerCsv(registerRows(12)))
  const households = await officer.call<{ rows: { document: string }[] }>('household_list', {
    cell: null,
    village: null,
    kind: null,
    not_visited_since_on: null,
    order: 'address',
    after: null,
    limit: 5,
  })
  const now = Date.now()
  for (const row of households.rows.slice(0, 3)) {
    const fields = { household: row.document, kind: '11', at: now - 60_000, notes: '核对人口，一致。' }
    await officer.call('visit_save', { document: null, heads: [], fields })
  }
  const patrol = {
    mode: '1',
    start_at: now - 5_400_000,
    end_at: now - 1_800_000,
    'cells/QF-01/present': true,
    'findings/f1/what': '楼梯堆物',
    'findings/f1/place': '枫源村 3 组',
  }
  await officer.call('patrol_save', { document: null, heads: [], fields: patrol })
  const dispute = {
    cell: 'QF-01',
    title: '排水沟改道',
    category: '02',
    'parties/p1/name': '赵建国',
    'parties/p2/name': '钱秀英',
  }
  await officer.call('dispute_save', { document: null, heads: [], fields: dispute })
  expect((await officer.sync()).outcome).toBe('complete')

  const chief = await laptops.of('chief')
  expect((await chief.sync()).outcome).toBe('complete')
  const report = await chief.call<Week>('report_week', { year: null, week: null })
  const value = (key: string) => report.figures.find((figure) => figure.key === key)?.now.value
  expect(value('households_visited')).toBe(3)
  expect(value('visits')).toBe(3)
  expect(value('patrols')).toBe(1)
  expect(value('patrol_minutes')).toBe(60)
  expect(value('disputes_opened')).toBe(1)
  expect(value('findings')).toBe(1)
  for (const figure of report.figures.filter((one) => one.key !== 'patrol_minutes')) {
    const rows = await chief.call<{ rows: unknown[] }>('report_rows', {
      year: report.year,
      week: report.week,
      figure: figure.key,
      cell: null,
      village: null,
      after: null,
      limit: 200,
    })
    expect(rows.rows.length, figure.key).toBe(figure.now.of ?? figure.now.value)
  }

  await chief.open(page, '/reports')
  await page.locator('[data-figure=visits]').click()
  await expect(page.getByText('逐件数得 3 件，与报表一致')).toBeVisible()
  await picture('report_zh')
  await accessible()

  const ask = { year: report.year, week: report.week }
  const pdf = await chief.call<File>('report_export', { ...ask, format: 'pdf' })
  const paper = join(folder, 'week.pdf')
  writeFileSync(paper, Buffer.from(pdf.content_base64, 'base64'))
  const text = execFileSync('pdftotext', ['-layout', paper, '-'], { encoding: 'utf8' })
  expect(text).toContain('青枫派出所')
  expect(text).toContain('走访')
  const xlsx = await chief.call<File>('report_export', { ...ask, format: 'xlsx' })
  const book = join(folder, 'week.xlsx')
  writeFileSync(book, Buffer.from(xlsx.content_base64, 'base64'))
  const parts = execFileSync(
    'python3',
    ['-c', 'import sys,zipfile; print(zipfile.ZipFile(sys.argv[1]).namelist())', book],
    {
      encoding: 'utf8',
    },
  )
  expect(parts).toContain('xl/charts/chart1.xml')
})
