// The rules that keep the interface in its shape. Each restriction says what to do instead.
import { readdirSync } from 'node:fs'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'
import vueParser from 'vue-eslint-parser'

const features = readdirSync(new URL('./src/features', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

const onlyTransport = {
  group: ['@tauri-apps/*'],
  message: 'Only src/ipc/tauri.ts names @tauri-apps.',
}
const throughIndex = {
  regex: '^@/features/[^/]+/.+',
  message: 'Features meet only through their index: import from @/features/<noun>.',
}
const notShared = {
  regex: '^(@/features|@/app|(\\.\\./)+(features|app))(/|$)',
  message: 'shared, ipc and i18n know no feature and no shell.',
}

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'src/ipc/generated/**'] },
  ...tseslint.configs.strict,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.{ts,vue}'],
    languageOptions: {
      parser: vueParser,
      parserOptions: { parser: tseslint.parser, sourceType: 'module', extraFileExtensions: ['.vue'] },
    },
    rules: {
      'no-undef': 'off',
      'no-console': 'error',
      'no-eval': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': 'off',
      'no-restricted-imports': ['error', { patterns: [onlyTransport, throughIndex] }],
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off',
      'vue/no-v-html': 'error',
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/define-macros-order': ['error', { order: ['defineModel', 'defineProps', 'defineEmits'] }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
    },
  },
  { files: ['**/*.vue'], rules: { 'max-lines': ['error', { max: 200 }] } },
  {
    files: ['src/shared/**', 'src/ipc/**', 'src/i18n/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [onlyTransport, notShared] }] },
  },
  ...features.map((name) => ({
    files: [`src/features/${name}/**/*.{ts,vue}`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            onlyTransport,
            throughIndex,
            {
              regex: `^(\\.\\./)+(${features.filter((other) => other !== name).join('|') || 'none'})(/|$)`,
              message: 'Features meet only through their index: import from @/features/<noun>.',
            },
            {
              regex: '^(\\.\\./)+(shared|ipc|i18n|app)(/|$)',
              message: 'Write @/shared, @/ipc, @/i18n or @/app.',
            },
          ],
        },
      ],
    },
  })),
  {
    files: ['src/ipc/tauri.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [notShared] }] },
  },
  prettier,
)
