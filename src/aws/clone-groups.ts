import {
  CreateTargetGroupCommand,
  type CreateTargetGroupCommandInput,
  DeleteTargetGroupCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { GroupSeen, Settings } from '../model/clone.ts'
import { groupSettings } from '../plan/clone.ts'
import { call, describing, isAbsent, pages, tagList, writing } from './clone-calls.ts'
import type { CloneGroups } from './clone-ports.ts'
import type { Doing } from './doing.ts'
import { errorName, explain } from './errors.ts'
import { targetGroupView } from './views.ts'

export function cloneGroups(elb: ElasticLoadBalancingV2Client, signal: AbortSignal): CloneGroups {
  const options = { abortSignal: signal }

  async function groups(input: { readonly Names?: string[] }, doing: Doing): Promise<GroupSeen[]> {
    const found = await pages(async Marker => {
      const page = await call(doing, () => elb.send(new DescribeTargetGroupsCommand({ ...input, ...Marker }), options))
      return { items: page.TargetGroups ?? [], next: page.NextMarker }
    })
    return found.map(groupSeen)
  }

  return {
    async findGroup(name) {
      try {
        return (await groups({ Names: [name] }, describing(`the target group ${name}`, 'TargetGroups')))[0]
      } catch (error) {
        if (isAbsent(error, 'TargetGroupNotFound')) return undefined
        throw error
      }
    },

    allGroups: () => groups({}, describing('all target groups', 'TargetGroups')),

    async describeAllAttributes(TargetGroupArn) {
      const doing = describing(`the attributes of ${TargetGroupArn}`, 'TargetGroupAttributes')
      const command = new DescribeTargetGroupAttributesCommand({ TargetGroupArn })
      const answer = await call(doing, () => elb.send(command, options))
      return Object.fromEntries((answer.Attributes ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
    },

    async createGroup(Name, settings, tags) {
      const doing = writing(`make the target group ${Name}`, 'CreateTargetGroup', Name)
      // What AWS itself described goes back as it is.
      const input = { ...settings, Name, Tags: tagList(tags) } as CreateTargetGroupCommandInput
      const answer = await call(doing, () => elb.send(new CreateTargetGroupCommand(input)))
      const [made] = answer.TargetGroups ?? []
      if (made === undefined) throw explain(new Error('the answer has no target group'), doing)
      return groupSeen(made)
    },

    async modifyGroup(TargetGroupArn, settings) {
      const doing = writing('change the health check', 'ModifyTargetGroup', TargetGroupArn)
      await call(doing, () => elb.send(new ModifyTargetGroupCommand({ ...settings, TargetGroupArn })))
    },

    async modifyAttributes(TargetGroupArn, attributes) {
      const doing = writing('change the attributes', 'ModifyTargetGroupAttributes', TargetGroupArn)
      const Attributes = tagList(attributes)
      await call(doing, () => elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes })))
    },

    async deleteGroup(TargetGroupArn) {
      try {
        await elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }))
        return 'gone'
      } catch (error) {
        if (errorName(error) === 'ResourceInUse') return 'in-use'
        if (errorName(error) === 'TargetGroupNotFound') return 'gone'
        throw explain(error, writing(`delete ${TargetGroupArn}`, 'DeleteTargetGroup', TargetGroupArn))
      }
    },
  }
}

function groupSeen(group: TargetGroup): GroupSeen {
  return { view: targetGroupView(group), settings: groupSettings(group as Settings) }
}
