import usual from './jest.config.js'

/** The workflows of `examples/`, checked by actionlint and run by act against the sandbox (`npm run test:examples`, which installs both). */
export default {
  ...usual,
  testMatch: ['<rootDir>/__tests__/examples/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 180_000,
}
