import { readFileSync } from 'node:fs'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, describe, expect, test } from '@jest/globals'
import { oidcAction } from '../../../sandbox/cloud/topology-actions.ts'
import type { TopologyOptions } from '../../../sandbox/cloud/topology-options.ts'
import { wallClock } from '../../../sandbox/wall-clock.ts'
import { startTraffic, type Traffic } from '../../../src/probe/traffic.ts'
import { lines, openStage, type Stage } from '../stage.ts'

/** Whole deploys through dist/index.js behind HTTPS and rules, with a client at each listener. */

const trusted = getCACertificates('default')
let stage: Stage
let clients: readonly Traffic[] = []

afterEach(async () => {
  await Promise.all(clients.map(client => client.stop(0)))
  clients = []
  setDefaultCACertificates(trusted)
  await stage.close()
})

/** HTTP, HTTPS behind a log-in that lets strangers through, and a rule that takes a part of the path away. */
const topology: Partial<TopologyOptions> = {
  productionPorts: [80, 443],
  httpsPorts: [443],
  before: { 443: oidcAction('allow') },
  rules: [
    {
      priority: 10,
      pathPattern: '/shop/*',
      ports: [443],
      transforms: [
        { Type: 'url-rewrite', UrlRewriteConfig: { Rewrites: [{ Regex: '^/shop/(.*)$', Replace: '/$1' }] } },
      ],
    },
  ],
}

/** Opens the stage, and asks at every listener and by the rule until the end. */
async function open(): Promise<readonly string[]> {
  stage = await openStage({ topology })
  const { caFile = '', httpsUrl = '', productionUrl } = stage.sandbox.description
  setDefaultCACertificates([...trusted, readFileSync(caFile, 'utf8')])
  const urls = [`${productionUrl}/version`, `${httpsUrl}/version`, `${httpsUrl}/shop/version`]
  clients = urls.map(url =>
    startTraffic(
      {
        url,
        rate: 60,
        connections: 4,
        mode: 'keep-alive',
        timeoutMs: 10_000,
        versionFrom: { kind: 'json', member: 'version' },
      },
      wallClock,
    ),
  )
  return urls
}

/** All that AWS says of the production listeners and rules. */
function production(): readonly string[] {
  const { cloud, topology: made } = stage.sandbox
  return made.productionArns.map(arn =>
    JSON.stringify(
      arn.includes(':listener-rule/')
        ? cloud.call('elbv2', 'DescribeRules', { RuleArns: [arn] })
        : cloud.call('elbv2', 'DescribeListeners', { ListenerArns: [arn] }),
    ),
  )
}

/** With the weights of green in the place of blue's. */
function swapped(texts: readonly string[]): readonly string[] {
  return texts.map(text => text.replace(/"Weight":(\d+)/g, (_, weight: string) => `"Weight":${100 - Number(weight)}`))
}

describe('behind HTTP, HTTPS with a log-in, and a rule with a transform', () => {
  test('all are switched, proven over HTTPS, and lose no request', async () => {
    const [, secure = ''] = await open()
    const before = production()
    const result = await stage.run({ image: 'sample-app:0.0.2', 'production-url': secure })
    expect(result.outputs).toMatchObject({
      'deployment-status': 'succeeded',
      'active-color': 'green',
      'failed-requests': '0',
    })
    expect(lines(result)).toMatch(/Shift HTTP:80 .*\n(.*\n)*?.*Shift HTTPS:443 .*\n(.*\n)*?.*Shift HTTPS:443 rule 10 /)
    expect(production()).toEqual(swapped(before))
    for (const client of clients) {
      const { failed, versions } = client.snapshot()
      expect(failed).toBe(0)
      expect(versions.map(seen => seen.version)).toEqual(['0.0.1', '0.0.2'])
    }
  })

  test('when the rule cannot be written, the listeners before it go back, and no client notices', async () => {
    await open()
    const before = production()
    stage.sandbox.api.faults.add([{ kind: 'denied', operation: 'ModifyRule' }])
    const result = await stage.run({ image: 'sample-app:0.0.2' })
    expect(result).toMatchObject({
      exitCode: 1,
      outputs: { 'deployment-status': 'rolled-back', 'active-color': 'blue' },
    })
    expect(result.outputs['failure-reason']).toMatch(/^ACCESS_DENIED: .*HTTPS:443 rule 10/)
    expect(result.annotations[0]?.message).toContain('elasticloadbalancing:ModifyRule')
    expect(result.summary).toContain('HTTP:80 and HTTPS:443 had been told to send requests to green already')
    expect(production()).toEqual(before)
    for (const client of clients) expect(client.snapshot().failed).toBe(0)
  })
})
