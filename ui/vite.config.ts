// How the interface is built and tested. Messages are compiled here, so nothing is evaluated at run time
// and the content security policy can stay strict.
import { fileURLToPath } from 'node:url'
import vueI18n from '@intlify/unplugin-vue-i18n/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  base: './',
  plugins: [
    vue(),
    vueI18n({
      include: [at('./src/i18n/zh/**'), at('./src/i18n/en/**')],
      runtimeOnly: true,
      compositionOnly: true,
      fullInstall: false,
      strictMessage: true,
    }),
  ],
  resolve: { alias: { '@': at('./src') } },
  server: { host: '127.0.0.1', port: 1420, strictPort: true },
  build: {
    target: ['es2021', 'chrome105', 'safari15'],
    outDir: 'dist',
    chunkSizeWarningLimit: 900,
    assetsInlineLimit: 0,
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    restoreMocks: true,
  },
})
