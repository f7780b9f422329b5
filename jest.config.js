/** jest runs the TypeScript sources as ES modules; types are checked by tsc (`npm run typecheck`), not here. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  // Minutes long: `npm run test:long`. Needs a large download: `npm run test:github`. Needs Go: `npm run test:examples`. Needs a browser: `npm run test:pictures`. The demo itself: `npm run test:demo`. Needs moto: `npm run infra:test`.
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/__tests__/matrix/',
    '<rootDir>/__tests__/e2e/long/',
    '<rootDir>/__tests__/examples/run/',
    '<rootDir>/__tests__/github-openapi/',
    '<rootDir>/__tests__/infra/cli/',
    '<rootDir>/__tests__/infra/terraform/',
    '<rootDir>/__tests__/pictures/',
    '<rootDir>/__tests__/demo/',
  ],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } }],
  },
  modulePathIgnorePatterns: ['<rootDir>/lib/', '<rootDir>/dist/'],
  testTimeout: 120_000,
  // Two deploys at a time: more would measure the machine instead of the product.
  maxWorkers: 2,
}
