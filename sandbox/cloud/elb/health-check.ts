import type { CreateTargetGroupInput, ModifyTargetGroupInput } from '@aws-sdk/client-elastic-load-balancing-v2'
import { inRange, invalid } from './faults.ts'
import type { HealthCheckSettings } from './state.ts'

/** The guide's defaults for HTTP; the API model says 6 s for the timeout. */
const DEFAULTS: HealthCheckSettings = {
  protocol: 'HTTP',
  port: 'traffic-port',
  path: '/',
  intervalSeconds: 30,
  timeoutSeconds: 5,
  healthyThreshold: 5,
  unhealthyThreshold: 2,
  matcher: '200',
}

/** @throws AwsFault */
export function readHealthCheck(input: CreateTargetGroupInput): HealthCheckSettings {
  return changeHealthCheck(DEFAULTS, input)
}

/**
 * What is not given stays.
 * @throws AwsFault
 */
export function changeHealthCheck(
  before: HealthCheckSettings,
  input: CreateTargetGroupInput | ModifyTargetGroupInput,
): HealthCheckSettings {
  if (input.HealthCheckEnabled === false) {
    throw invalid('Health check enabled must be true for target groups with target type instance or ip')
  }
  const protocol = input.HealthCheckProtocol ?? before.protocol
  if (protocol !== 'HTTP' && protocol !== 'HTTPS') {
    throw invalid(`Health check protocol '${protocol}' must be one of '[HTTP, HTTPS]'`)
  }
  const after = {
    protocol,
    port: input.HealthCheckPort ?? before.port,
    path: input.HealthCheckPath ?? before.path,
    intervalSeconds: input.HealthCheckIntervalSeconds ?? before.intervalSeconds,
    timeoutSeconds: input.HealthCheckTimeoutSeconds ?? before.timeoutSeconds,
    healthyThreshold: input.HealthyThresholdCount ?? before.healthyThreshold,
    unhealthyThreshold: input.UnhealthyThresholdCount ?? before.unhealthyThreshold,
    matcher: input.Matcher?.HttpCode ?? before.matcher,
  }
  check(after)
  return after
}

function check(settings: HealthCheckSettings): void {
  const { port, path, intervalSeconds, timeoutSeconds } = settings
  inRange(intervalSeconds, 5, 300, 'healthCheckIntervalSeconds')
  inRange(timeoutSeconds, 2, 120, 'healthCheckTimeoutSeconds')
  inRange(settings.healthyThreshold, 2, 10, 'healthyThresholdCount')
  inRange(settings.unhealthyThreshold, 2, 10, 'unhealthyThresholdCount')
  if (timeoutSeconds >= intervalSeconds) {
    throw invalid(`Health check timeout '${timeoutSeconds}' must be smaller than the interval '${intervalSeconds}'`)
  }
  if (port !== 'traffic-port' && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
    throw invalid(`Health check port '${port}' must be 'traffic-port' or between 1 and 65535`)
  }
  if (!path.startsWith('/') || path.length > 1024) {
    throw invalid(`Health check path '${path}' must begin with a '/' and have at most 1024 characters`)
  }
  if (!settings.matcher.split(',').every(validCodes)) {
    throw invalid(`Health check matcher HTTP code '${settings.matcher}' must be within '[200-499]'`)
  }
}

/** `200` or `200-299`. */
function validCodes(part: string): boolean {
  const match = /^(\d{3})(?:-(\d{3}))?$/.exec(part.trim())
  if (match === null) return false
  const low = Number(match[1])
  const high = Number(match[2] ?? match[1])
  return low >= 200 && high <= 499 && low <= high
}
