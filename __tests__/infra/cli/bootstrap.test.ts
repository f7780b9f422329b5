import { beforeEach, describe, expect, test } from '@jest/globals'
import { aws, home, image, names } from './each-test.ts'

/** The roles of examples/infra.yml, which a person makes once, and which no job can change. */

const boundary = 'arn:aws:iam::123456789012:policy/shop-boundary'

describe('up', () => {
  test('makes them first, for what the app is made of, and gives all roles their bounds', async () => {
    const more = ['--github', 'acme/shop', '--bootstrap', '--ec2']
    const { code, said } = await home.run(['up', 'shop', ...image, ...more])
    expect([code, names()]).toEqual([
      0,
      ['shop-bootstrap', 'shop-network', 'shop-registry', 'shop-capacity', 'shop', 'shop-github'],
    ])
    expect(aws.formation.stack('shop-bootstrap')?.parameters).toMatchObject({
      Repository: 'acme/shop',
      Cluster: 'shop',
      Network: 'true',
      Ec2: 'true',
    })
    for (const name of ['shop-capacity', 'shop', 'shop-github']) {
      expect(aws.formation.stack(name)?.parameters.Boundary).toBe(boundary)
    }
    expect(said).toMatch(/^gh variable set INFRA_ROLE --repo acme\/shop --body 'arn:aws:iam::/m)
    expect(said).toMatch(/^gh variable set INFRA_PLAN_ROLE --repo acme\/shop --body 'arn:aws:iam::/m)
  })

  test('a later run leaves them as they are, because it may be a job that runs with them', async () => {
    aws.seed('shop', { bootstrap: {} })
    const { code, said } = await home.run(['up', 'shop'])
    expect([code, said]).toEqual([0, expect.stringContaining('shop-github: nothing to change')])
    expect(said).not.toContain('shop-bootstrap')
  })

  test('an app that has none gets them later, with the names of what it is, and its roles get their bounds', async () => {
    aws.seed('shop', { app: { HostedZoneId: 'Z0123456789ABC', DomainName: 'shop.example.com' } })
    const { code } = await home.run(['up', 'shop', '--github', 'acme/shop', '--bootstrap'])
    expect(code).toBe(0)
    expect(aws.formation.stack('shop-bootstrap')?.parameters).toMatchObject({
      HostedZoneId: 'Z0123456789ABC',
      Network: 'true',
      Ec2: 'false',
      ProviderArn: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com',
    })
    expect(aws.formation.stack('shop')?.parameters.Boundary).toBe(boundary)
  })

  test('without a repository there is nobody to trust', async () => {
    const { code, said } = await home.run(['up', 'shop', ...image, '--bootstrap'])
    expect([code, said]).toEqual([2, expect.stringContaining('give --github OWNER/REPOSITORY')])
    expect(names()).toEqual([])
  })
})

describe('whom the roles trust', () => {
  const see = 'gh api repos/acme/shop/actions/oidc/customization/sub --jq .sub_claim_prefix'

  test('plain names first, and how to see whether the tokens have numbers, and what to run then', async () => {
    const { code, said } = await home.run(['up', 'shop', ...image, '--github', 'acme/shop'])
    expect([code, said]).toEqual([0, expect.stringContaining('tokens say repo:acme/shop:…, without numbers.')])
    expect(said.split('\n')).toEqual(
      expect.arrayContaining([
        see,
        `npm run infra:up -- shop --github "$(gh api repos/acme/shop --jq '"\\(.owner.login)@\\(.owner.id)/\\(.name)@\\(.id)"')"`,
      ]),
    )
  })

  test('numbers where they are given, also later, and in all roles', async () => {
    aws.seed('shop', { bootstrap: {} })
    const later = await home.run(['up', 'shop', '--github', 'acme@123/shop@456'])
    expect([later.code, later.said]).toEqual([
      0,
      expect.stringContaining('say repo:acme@123/shop@456:…, with numbers.'),
    ])
    expect(aws.formation.stack('shop-github')?.parameters.Repository).toBe('acme@123/shop@456')
    expect(later.said).toContain('The roles of shop-bootstrap are for repo:acme/shop:… still: give --bootstrap, too')
    // Everything else of GitHub knows no numbers.
    expect(later.said.split('\n')).toContain(see)
    expect(later.said).toContain("npm run infra:up -- shop --github 'acme/shop' --bootstrap")
    expect(later.said).toContain('gh variable set DEPLOY_ROLE --repo acme/shop --body')
    const all = await home.run(['up', 'shop', '--github', 'acme@123/shop@456', '--bootstrap'])
    expect([all.code, aws.formation.stack('shop-bootstrap')?.parameters.Repository]).toEqual([0, 'acme@123/shop@456'])
    expect(all.said).not.toContain('still: give --bootstrap')
  })

  test.each(['acme@123/shop', 'acme/shop@456'])('one number is none that GitHub writes: %s', async repository => {
    const { code, said } = await home.run(['up', 'shop', ...image, '--github', repository])
    expect([code, said]).toEqual([2, expect.stringContaining(`--github: '${repository}' has one number.`)])
    expect(aws.calls).toEqual([])
  })
})

describe('down', () => {
  beforeEach(() => aws.seed('shop', { bootstrap: {} }))

  test('leaves them, says why, and removes them when it is told to, also later', async () => {
    const first = await home.run(['down', 'shop', '--yes', 'shop'])
    expect([first.code, names()]).toEqual([0, ['shop-bootstrap']])
    expect(first.said).toContain('the stack shop-bootstrap, because a job cannot remove the role that it runs with')
    const second = await home.run(['down', 'shop', '--yes', 'shop'])
    expect([second.code, second.said]).toEqual([0, expect.stringContaining('There is nothing of shop')])
    expect(second.said).toContain('the stack shop-bootstrap, because')
    const third = await home.run(['down', 'shop', '--with-bootstrap', '--yes', 'shop'])
    expect([third.code, names()]).toEqual([0, []])
  })

  test('with everything else they are the last to go', async () => {
    const { code, said } = await home.run(['down', 'shop', '--with-bootstrap', '--yes', 'shop'])
    expect([code, names()]).toEqual([0, []])
    expect([...said.matchAll(/^ {2}(\S+): deleted$/gm)].map(([, name]) => name).at(-1)).toBe('shop-bootstrap')
  })
})
