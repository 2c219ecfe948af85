import { defineConfig } from 'vitest/config'

/** Tests on real engines: one set of engines for the whole run, one file after the other (two cores). */
export default defineConfig({
  test: {
    include: ['test/integration/**/*.test.ts'],
    globalSetup: ['test/temporary.ts', 'test/integration/engines.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
