import { failureMatrix } from './failure-matrix.ts'

failureMatrix(20)
