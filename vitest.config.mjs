import { defineConfig } from 'vitest/config'

/** How long a condition may take to come true: a busy machine needs more than vitest's own second. */
const patience = { poll: { timeout: 30_000 } }

/** Suites that vitest runs; test/host runs inside VS Code instead. The last one uses the build in dist/. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      {
        test: {
          name: 'stores',
          include: ['test/stores/**/*.test.ts'],
          globalSetup: 'test/stores/workers.ts',
          expect: patience,
          testTimeout: 120_000,
          hookTimeout: 300_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          expect: patience,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
