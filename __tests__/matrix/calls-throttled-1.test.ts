import { callMatrix, callStage, calls } from './call-matrix.ts'

callMatrix(
  'throttle',
  calls.filter((_, index) => index % 2 === 0),
  callStage(),
)
