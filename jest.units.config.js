import usual from './jest.config.js'

/** What must hold on every system that a runner may have, Windows included: all that decides, whole deploys in virtual time, and the start of the bundle. */
export default {
  ...usual,
  testMatch: ['<rootDir>/__tests__/{bundle,deploy,inputs,model,modes,plan,report}/*.test.ts'],
}
