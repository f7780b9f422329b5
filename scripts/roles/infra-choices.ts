import type { Policy } from '../../src/model/plan.ts'
import { bounded } from './infra.ts'
import { allow, arn, capacityTag, iamArn, making, ofStacks, throughStacks } from './statement.ts'

/** What the role of examples/infra.yml needs besides, for those who choose it: a network of the app's own, EC2 instances, names in DNS. */

const ec2 = (...kinds: readonly string[]) => kinds.map(kind => arn('ec2', `${kind}/*`))

export const infraNetwork: Policy = {
  Version: '2012-10-17',
  Statement: [
    allow(
      'ReadNetworks',
      'ec2',
      'DescribeAddresses DescribeAvailabilityZones DescribeInternetGateways DescribeNatGateways DescribeNetworkAcls DescribeNetworkInterfaces DescribeRouteTables DescribeVpcAttribute DescribeVpnGateways',
      '*',
    ),
    // What is new has no tags yet. What it is made in has, see below.
    allow('MakeVpc', 'ec2', 'CreateVpc', ec2('vpc')),
    allow(
      'MakeParts',
      'ec2',
      'AllocateAddress CreateInternetGateway CreateRouteTable CreateSubnet',
      ec2('elastic-ip', 'internet-gateway', 'route-table', 'subnet'),
    ),
    allow('MakeNat', 'ec2', 'CreateNatGateway', ec2('natgateway')),
    allow(
      'TagNetwork',
      'ec2',
      'CreateTags',
      ec2('elastic-ip', 'internet-gateway', 'natgateway', 'route-table', 'subnet', 'vpc'),
      making(
        'ec2',
        ...['AllocateAddress', 'CreateInternetGateway', 'CreateNatGateway', 'CreateRouteTable', 'CreateSubnet'],
        'CreateVpc',
      ),
    ),
    allow(
      'ChangeNetwork',
      'ec2',
      'AssociateRouteTable AttachInternetGateway CreateNatGateway CreateRoute CreateRouteTable CreateSubnet DeleteInternetGateway DeleteNatGateway DeleteRoute DeleteRouteTable DeleteSubnet DeleteVpc DetachInternetGateway DisassociateAddress DisassociateRouteTable ModifyVpcAttribute ReleaseAddress',
      ec2('elastic-ip', 'internet-gateway', 'natgateway', 'route-table', 'subnet', 'vpc'),
      ofStacks('SERVICE-network'),
    ),
  ],
}

const role = iamArn('role/SERVICE-instance')
const cluster = arn('ecs', 'cluster/SERVICE')
const provider = arn('ecs', 'capacity-provider/SERVICE')
const templates = arn('ec2', 'launch-template/*')
const ofCapacity = { StringEquals: { [`aws:ResourceTag/${capacityTag}`]: 'SERVICE' } }

/** For the instances of `--ec2`: those that ECS asks for, and the Session Manager. */
const managed = ['service-role/AmazonEC2ContainerServiceforEC2Role', 'AmazonSSMManagedInstanceCore'].map(
  name => `arn:PARTITION:iam::aws:policy/${name}`,
)

export const infraEc2: Policy = {
  Version: '2012-10-17',
  Statement: [
    allow('MakeInstanceRole', 'iam', 'CreateRole PutRolePermissionsBoundary', role, bounded),
    allow('FillInstanceRole', 'iam', 'AttachRolePolicy DetachRolePolicy', role, {
      ArnEquals: { 'iam:PolicyARN': managed },
    }),
    allow('KeepInstanceRole', 'iam', 'DeleteRole GetRole ListAttachedRolePolicies ListRolePolicies', role),
    allow('PassInstanceRole', 'iam', 'PassRole', role, {
      StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] },
    }),
    allow(
      'InstanceProfile',
      'iam',
      'AddRoleToInstanceProfile CreateInstanceProfile DeleteInstanceProfile GetInstanceProfile RemoveRoleFromInstanceProfile',
      iamArn('instance-profile/SERVICE-instance'),
    ),
    allow('MakeScalingRole', 'iam', 'CreateServiceLinkedRole', iamArn('role/aws-service-role/*'), {
      StringEquals: { 'iam:AWSServiceName': 'autoscaling.amazonaws.com' },
    }),
    allow('ReadMachineImage', 'ssm', 'GetParameters', 'arn:PARTITION:ssm:REGION::parameter/aws/service/ecs/*'),
    allow(
      'ReadInstances',
      'ec2',
      'DescribeImages DescribeInstanceTypes DescribeLaunchTemplateVersions DescribeLaunchTemplates',
      '*',
    ),
    // They have no name in their ARN, and CloudFormation gives them no tags: the template gives them one. Without it a new one is of no use.
    allow('MakeLaunchTemplates', 'ec2', 'CreateLaunchTemplate', templates),
    allow('TagLaunchTemplates', 'ec2', 'CreateTags', templates, {
      StringEquals: { 'ec2:CreateAction': 'CreateLaunchTemplate', [`aws:RequestTag/${capacityTag}`]: 'SERVICE' },
    }),
    allow('LaunchTemplates', 'ec2', 'CreateLaunchTemplateVersion DeleteLaunchTemplate', templates, ofCapacity),
    // The group is made only by somebody who could start its instances. AWS asks for the launch template, and for all that comes with it.
    allow('StartInstances', 'ec2', 'RunInstances', templates, ofCapacity),
    allow(
      'StartInstancesWith',
      'ec2',
      'RunInstances',
      [
        ...ec2('instance', 'network-interface', 'security-group', 'subnet', 'volume'),
        'arn:PARTITION:ec2:REGION::image/*',
      ],
      { ArnLike: { 'ec2:LaunchTemplate': templates } },
    ),
    allow(
      'ReadGroups',
      'autoscaling',
      'DescribeAutoScalingGroups DescribeInstanceRefreshes DescribeLifecycleHooks DescribeNotificationConfigurations DescribeScalingActivities DescribeTrafficSources DescribeWarmPool',
      '*',
    ),
    allow(
      'Groups',
      'autoscaling',
      'CreateAutoScalingGroup CreateOrUpdateTags DeleteAutoScalingGroup UpdateAutoScalingGroup',
      arn('autoscaling', 'autoScalingGroup:*:autoScalingGroupName/SERVICE-capacity-*'),
    ),
    allow('Capacity', 'ecs', 'CreateCapacityProvider DeleteCapacityProvider DescribeCapacityProviders', provider),
    allow('CapacityOfCluster', 'ecs', 'ListContainerInstances PutClusterCapacityProviders', cluster),
    allow('TagCapacity', 'ecs', 'TagResource', provider, making('ecs', 'CreateCapacityProvider')),
  ],
}

const zone = 'arn:PARTITION:route53:::hostedzone/HOSTEDZONE'

export const infraNames: Policy = {
  Version: '2012-10-17',
  Statement: [
    // Nothing of the zone but the one record of the template.
    allow('Record', 'route53', 'ChangeResourceRecordSets', zone, {
      'ForAllValues:StringEquals': {
        'route53:ChangeResourceRecordSetsNormalizedRecordNames': 'DOMAINNAME',
        'route53:ChangeResourceRecordSetsRecordTypes': 'A',
      },
    }),
    allow('ReadRecords', 'route53', 'GetHostedZone ListResourceRecordSets', zone),
    allow('RecordIsThere', 'route53', 'GetChange', 'arn:PARTITION:route53:::change/*'),
    allow('MakeNames', 'servicediscovery', 'CreateService', arn('servicediscovery', 'namespace/NAMESPACE')),
    // Their ids are Cloud Map's own, and who may tag one may tag all.
    allow('Names', 'servicediscovery', 'DeleteService GetService', arn('servicediscovery', 'service/*'), {
      StringEquals: throughStacks,
    }),
  ],
}
