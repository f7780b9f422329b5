/** A place in the AWS console. */
export interface ConsoleLink {
  readonly label: string
  readonly url: string
}

/** Each partition has a console of its own; the others (such as the isolated ones) are not reached from the internet. */
const hosts: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
}

/**
 * Where people look next: events and tasks of a service, and the health of its targets. The ARNs say partition and Region.
 *
 * @returns empty when the ARNs are not of the usual form
 */
export function consoleLinks(serviceArn: string, targetGroupArn: string): readonly ConsoleLink[] {
  const [, partition = '', , region = ''] = serviceArn.split(':')
  const [, cluster, service] = /:service\/([^/]+)\/([^/]+)$/.exec(serviceArn) ?? []
  const host = hosts[partition]
  if (host === undefined || cluster === undefined || service === undefined || !/^[a-z0-9-]+$/.test(region)) return []
  const base = `https://${region}.${host}`
  const page = `${base}/ecs/v2/clusters/${encodeURIComponent(cluster)}/services/${encodeURIComponent(service)}`
  const group = /^arn:[\w:/.-]+$/.test(targetGroupArn)
    ? [{ label: 'Targets', url: `${base}/ec2/home?region=${region}#TargetGroup:targetGroupArn=${targetGroupArn}` }]
    : []
  return [
    { label: `Events of ${service}`, url: `${page}/events?region=${region}` },
    { label: `Tasks of ${service}`, url: `${page}/tasks?region=${region}` },
    ...group,
  ]
}
