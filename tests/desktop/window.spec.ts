// The real desktop program under a virtual display.
import { join } from 'node:path'
import { expect, test } from '../support/fixtures.ts'
import { PASSPHRASE } from '../support/laptop.ts'
import { DesktopWindow, keys } from '../support/webdriver.ts'

const artefacts = join(import.meta.dirname, '..', 'artefacts')

test('an officer unlocks the window with his passphrase', async ({ laptops }) => {
  const laptop = await laptops.of('first')
  await laptop.close()
  const window = await DesktopWindow.open(laptop.folder)
  try {
    await window.type('input[type=password]', PASSPHRASE)
    await window.press(keys.enter)
    await window.find('nav')
    await window.screenshot(join(artefacts, 'desktop_today.png'))
    expect(await window.run<string>('return document.title')).toContain('枫桥')
  } finally {
    await window.close()
  }
})
