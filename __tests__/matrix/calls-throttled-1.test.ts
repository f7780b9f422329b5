import { callMatrix, callStage, calls } from './call-matrix.ts'

callMatrix(
  'throttle',
  calls.filter((_, index) => index % 3 === 0),
  callStage(),
)
