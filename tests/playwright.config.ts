// Two kinds of journeys, one runner: `browser` drives the browser edition in Chromium, `desktop` the real window through
// tauri-driver. `tour` takes pictures of every screen and is run on demand. All start the real programs; see support/.
import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium'

export default defineConfig({
  outputDir: 'test-results',
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1366, height: 768 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    actionTimeout: 15_000,
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: { executablePath: existsSync(chromium) ? chromium : undefined, args: ['--no-sandbox'] },
  },
  projects: [
    { name: 'browser', testDir: 'e2e' },
    { name: 'desktop', testDir: 'desktop', timeout: 240_000, workers: 1 },
    { name: 'tour', testDir: 'tour', timeout: 900_000, workers: 1, use: { trace: 'off' } },
  ],
})
