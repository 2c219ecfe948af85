import tseslint from 'typescript-eslint'

/** Only the edge of the program may touch the process, the console or the machine's clock; everything else gets a context. */
const edgeOnly = ['process', 'console'].map((name) => ({ name, message: `take it from the context (src/core/context.ts), not from ${name}` }))

export default tseslint.config(
  { ignores: ['dist/**', 'out/**', 'node_modules/**', 'jobs/udf/**', '**/*.cjs', '**/*.mjs'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      'no-empty': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'named exports only' },
        { selector: 'TSEnumDeclaration', message: 'use a constant tuple and a union' },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...edgeOnly],
      'no-restricted-properties': ['error', { object: 'Date', property: 'now', message: 'take the clock from the context' }],
    },
  },
  {
    files: ['test/vitest.*.ts'],
    rules: { 'no-restricted-syntax': 'off' }, // vitest reads a default export
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off', '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/no-unsafe-member-access': 'off', '@typescript-eslint/no-unsafe-argument': 'off' },
  },
)
