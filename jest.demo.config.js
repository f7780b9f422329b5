import usual from './jest.config.js'

/** The demo with its real traffic, and what it leaves behind (`npm run test:demo`). It has the machine to itself. */
export default {
  ...usual,
  testMatch: ['<rootDir>/__tests__/demo/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 300_000,
  maxWorkers: 1,
}
