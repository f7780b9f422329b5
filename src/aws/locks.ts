import {
  AddTagsCommand,
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { Refusal } from '../model/outcome.ts'
import type { Doing } from './doing.ts'
import { errorName, explain } from './errors.ts'

/** What a lock needs of Elastic Load Balancing. Every method throws a Refusal. */
export interface Locks {
  /**
   * One call. Repeating it is safe: the same settings are answered with the target group that is there.
   *
   * @returns its ARN, or undefined when a target group of this name exists with other settings
   */
  create(order: {
    readonly name: string
    readonly nonce: string
    readonly vpcId: string
    readonly tags: Readonly<Record<string, string>>
  }): Promise<string | undefined>
  /** Two calls, or one when there is none. */
  find(name: string): Promise<{ readonly arn: string; readonly tags: Readonly<Record<string, string>> } | undefined>
  /** The tags of a target group; undefined when it is gone. One call. */
  read(arn: string): Promise<Readonly<Record<string, string>> | undefined>
  /** @returns false when the target group is gone: an ARN never comes back */
  write(arn: string, tags: Readonly<Record<string, string>>): Promise<boolean>
  /** Deleting what is gone is well. */
  remove(arn: string): Promise<void>
}

/**
 * A lock is a target group that nobody uses. Its name is fixed, and its settings differ from owner to owner: then AWS itself
 * refuses the second (docs/adr/0008).
 *
 * @param signal ends reads; a write that is on its way may have been applied, so its answer is waited for
 */
export function createLocks(elb: ElasticLoadBalancingV2Client, signal: AbortSignal): Locks {
  const options = { abortSignal: signal }
  const list = (tags: Readonly<Record<string, string>>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))

  async function gone<T>(what: Doing, send: () => Promise<T>): Promise<T | undefined> {
    try {
      return await send()
    } catch (error) {
      if (errorName(error) === 'TargetGroupNotFound') return undefined
      throw explained(error, what)
    }
  }

  async function read(arn: string): Promise<Readonly<Record<string, string>> | undefined> {
    const reading = doing(`read the tags of ${arn}`, 'DescribeTags', '*')
    const described = await gone(reading, () => elb.send(new DescribeTagsCommand({ ResourceArns: [arn] }), options))
    if (described === undefined) return undefined
    const tags = described.TagDescriptions?.[0]?.Tags ?? []
    return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]))
  }

  return {
    async create({ name, nonce, vpcId, tags }) {
      const HealthCheckPath = `/lock/${nonce}`
      const command = new CreateTargetGroupCommand({
        Name: name,
        TargetType: 'ip',
        Protocol: 'HTTP',
        VpcId: vpcId,
        // Two settings that differ: should AWS ever not compare one of them, the other still refuses the second owner.
        Port: portOf(nonce),
        HealthCheckPath,
        Tags: list(tags),
      })
      try {
        const [made] = (await elb.send(command)).TargetGroups ?? []
        // And should it compare neither, the answer shows whose it is.
        return made?.HealthCheckPath === HealthCheckPath ? made.TargetGroupArn : undefined
      } catch (error) {
        if (errorName(error) === 'DuplicateTargetGroupName') return undefined
        throw explained(error, doing(`make the lock ${name}`, 'CreateTargetGroup', `targetgroup/${name}/*`))
      }
    },

    async find(name) {
      const looking = doing(`look for the lock ${name}`, 'DescribeTargetGroups', '*')
      const answer = await gone(looking, () => elb.send(new DescribeTargetGroupsCommand({ Names: [name] }), options))
      const arn = answer?.TargetGroups?.[0]?.TargetGroupArn
      if (arn === undefined) return undefined
      const tags = await read(arn)
      return tags && { arn, tags }
    },

    read,

    async write(arn, tags) {
      const command = new AddTagsCommand({ ResourceArns: [arn], Tags: list(tags) })
      return (await gone(doing(`renew the lock ${arn}`, 'AddTags', anyOf(arn)), () => elb.send(command))) !== undefined
    },

    async remove(arn) {
      const command = new DeleteTargetGroupCommand({ TargetGroupArn: arn })
      await gone(doing(`remove the lock ${arn}`, 'DeleteTargetGroup', anyOf(arn)), () => elb.send(command))
    },
  }
}

/** Each run makes its lock anew, with an id of its own: a statement for this one would not allow the next. */
function anyOf(arn: string): string {
  return arn.replace(/[^/]*$/, '*')
}

/** 1 to 65535. */
function portOf(nonce: string): number {
  return (Number.parseInt(nonce.slice(0, 4), 16) % 65_535) + 1
}

function doing(what: string, action: string, resource: string): Doing {
  return { what, action: `elasticloadbalancing:${action}`, resource }
}

function explained(error: unknown, what: Doing): Refusal {
  const { failure } = explain(error, what)
  if (errorName(error) === 'TooManyTargetGroups') {
    const todo = 'Delete target groups that nobody uses, ask AWS for a higher quota, or set `lock: false`.'
    return new Refusal({ ...failure, code: 'QUOTA_EXCEEDED', details: [todo] }, { cause: error })
  }
  if (failure.code !== 'ACCESS_DENIED') return new Refusal(failure, { cause: error })
  const todo = 'Or set `lock: false`: then nothing but `concurrency` keeps two runs from working against each other.'
  return new Refusal({ ...failure, details: [...failure.details, todo] }, { cause: error })
}
