import usual from './jest.config.js'

/** What a browser draws of summaries and reports (`npm run test:pictures`, which says which browser). */
export default {
  ...usual,
  testMatch: ['<rootDir>/__tests__/pictures/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 180_000,
  // One browser at a time has enough to do.
  maxWorkers: 1,
}
