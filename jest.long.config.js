import usual from './jest.config.js'

/** The long suites through the bundle: every failure, every call denied or throttled, runs that end half-way. They mostly wait for AWS's time, so more of them run at once. */
export default {
  ...usual,
  testMatch: ['<rootDir>/__tests__/matrix/*.test.ts', '<rootDir>/__tests__/e2e/long/*.test.ts'],
  // With GitHub's description: `npm run test:github`.
  testPathIgnorePatterns: ['<rootDir>/__tests__/e2e/long/github'],
  testTimeout: 180_000,
  maxWorkers: 3,
}
