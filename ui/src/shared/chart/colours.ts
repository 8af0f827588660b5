// The tokens a chart needs, read from the page so that both themes hold.

export interface ChartColours {
  ink: string
  ink2: string
  line: string
  lineSoft: string
  page: string
  data: string
  dataPast: string
  dataRule: string
  action: string
}

export function chartColours(element: Element): ChartColours {
  const style = getComputedStyle(element)
  const of = (name: string) => style.getPropertyValue(name).trim()
  return {
    ink: of('--ink'),
    ink2: of('--ink-2'),
    line: of('--line-field'),
    lineSoft: of('--line-soft'),
    page: of('--page'),
    data: of('--data'),
    dataPast: of('--data-past'),
    dataRule: of('--data-rule'),
    action: of('--action'),
  }
}
