import usual from './jest.config.js'

/** The long suites: every failure through the bundle. They mostly wait for AWS's time, so more of them run at once. */
export default {
  ...usual,
  testMatch: ['<rootDir>/__tests__/matrix/*.test.ts'],
  testPathIgnorePatterns: [],
  testTimeout: 180_000,
  maxWorkers: 3,
}
