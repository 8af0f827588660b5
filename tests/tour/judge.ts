// What a machine can see of an ugly screen: text that is cut with no way to read it, things that stick out of the window or
// of the part they stand in, buttons whose words break over lines.
import type { Page } from '@playwright/test'

export async function flaws(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = []
    const name = (element: Element) =>
      `${element.tagName.toLowerCase()}.${[...element.classList].join('.')} "${(element.textContent ?? '').trim().slice(0, 40)}"`
    const titled = (element: Element) =>
      element.closest('[title]') !== null || element.querySelector('[title]') !== null
    const width = document.documentElement.clientWidth
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      if (element.closest('svg, .sr, [hidden], [aria-hidden=true]')) continue
      const box = element.getBoundingClientRect()
      if (box.width === 0 || box.height === 0) continue
      const style = getComputedStyle(element)
      const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim())
      if (
        box.bottom > document.documentElement.clientHeight + 1 &&
        box.top < document.documentElement.clientHeight &&
        text &&
        !element.closest('.scroll, [role=listbox]')
      )
        found.push(`sticks out below: ${name(element)}`)
      if (box.right > width + 1 && text) found.push(`sticks out of the window: ${name(element)}`)
      const hides = style.overflowX === 'hidden' || style.overflowX === 'clip'
      if (hides && element.scrollWidth > element.clientWidth + 1 && element.tagName !== 'INPUT' && !titled(element))
        found.push(`cut without a title: ${name(element)}`)
      if (style.overflowX === 'auto' && element.scrollWidth > element.clientWidth + 1)
        found.push(`scrolls sideways: ${name(element)}`)
      if (
        text &&
        style.overflowX === 'visible' &&
        style.display !== 'inline' &&
        element.scrollWidth > element.clientWidth + 1
      )
        found.push(`runs over its own edge: ${name(element)}`)
      if (
        element.matches('.btn, .tag, .chip') &&
        box.height / (style.lineHeight ? parseFloat(style.lineHeight) : 20) > 2.6
      )
        found.push(`breaks over lines: ${name(element)}`)
    }
    return [...new Set(found)]
  })
}
