import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs'
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'

/**
 * The floor that the action's cold start is measured against: a bundle that only makes the three SDK clients and sends one
 * call. Nothing that uses the SDK can be quicker.
 */
new ElasticLoadBalancingV2Client({})
new CloudWatchClient({})
await new ECSClient({ maxAttempts: 1 })
  .send(new DescribeServicesCommand({ cluster: 'bench', services: ['bench-blue', 'bench-green'] }))
  .catch(() => undefined)
