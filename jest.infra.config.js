import usual from './jest.config.js'

/** `infra:up` and `infra:down` against a fake AWS and against moto (`npm run infra:test`, which installs it). */
export default {
  ...usual,
  testMatch: ['<rootDir>/__tests__/infra/{cli,terraform}/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
}
