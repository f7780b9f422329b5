import { AwsFault } from '../ports.ts'

/** Errors of the ECS API in AWS's own words. */
export const clusterNotFound = (): AwsFault => new AwsFault('ClusterNotFoundException', 'Cluster not found.')
export const serviceNotFound = (): AwsFault => new AwsFault('ServiceNotFoundException', 'Service not found.')
export const serviceNotActive = (): AwsFault => new AwsFault('ServiceNotActiveException', 'Service was not ACTIVE.')
export const resourceNotFound = (): AwsFault =>
  new AwsFault('ResourceNotFoundException', 'The specified resource was not found.')
export const clientFault = (message: string): AwsFault => new AwsFault('ClientException', message)
export const invalidParameter = (message: string): AwsFault => new AwsFault('InvalidParameterException', message)
export const definitionInactive = (): AwsFault => clientFault('TaskDefinition is inactive')
export const definitionNotFound = (): AwsFault => clientFault('TaskDefinition not found.')
export const conflict = (message: string): AwsFault => new AwsFault('ConflictException', message)
export const rateExceeded = (): AwsFault => new AwsFault('ThrottlingException', 'Rate exceeded')
