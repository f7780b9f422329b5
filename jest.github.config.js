import usual from './jest.config.js'

// Read by __tests__/github/double.ts.
process.env.ECS_BLUEGREEN_OPENAPI = '1'

/** What concerns GitHub's API, held to GitHub's own description of it (`npm run test:github`). */
export default {
  ...usual,
  testMatch: [
    '<rootDir>/__tests__/github/*.test.ts',
    '<rootDir>/__tests__/github-openapi/*.test.ts',
    '<rootDir>/__tests__/sandbox/runner/github.test.ts',
    '<rootDir>/__tests__/e2e/long/github*.test.ts',
    '<rootDir>/__tests__/e2e/long/preview-github.test.ts',
  ],
  testPathIgnorePatterns: ['/node_modules/'],
}
