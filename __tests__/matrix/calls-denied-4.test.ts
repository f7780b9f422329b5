import { callMatrix, callStage, calls } from './call-matrix.ts'

/** Where more than one task makes a difference: what is staged, proven, moved and put back. */
const several = ['DescribeTasks', 'UpdateService', 'DescribeTargetHealth', 'ModifyRule', 'ModifyListener', 'StopTask']

callMatrix(
  'denied',
  calls.filter(([operation]) => several.includes(operation)),
  callStage(4),
)
