/**
 * What CloudFormation asks leave for when it makes, changes and removes what is in the templates of `infra/`, with the rights of whoever
 * executes a change set. Source: the `handlers` and `tagging` of AWS's own schemas of these resource types (`aws cloudformation describe-type`,
 * as of May 2025), but for Route 53 and Cloud Map, whose types have no schema; there it is what their API takes. Which resources an action is
 * asked on is from AWS's service authorization reference.
 *
 * Left out is what a schema lists for properties that no template here has: keys of KMS, user pools of Cognito, targets registered by hand,
 * Lambda's concurrency, scheduled actions that are written, IP pools, VPN gateways that are attached, tags that people change.
 */
export interface Needs {
  /** The call that makes it, asked on it before it is there. */
  readonly makes: string
  /** Where the same call is asked besides, by logical kind. */
  readonly in?: readonly Inside[]
  /** CloudFormation tags it in that call. */
  readonly tags?: string
  /** Asked on the thing itself. */
  readonly create?: string
  readonly update?: string
  readonly delete: string
  /** Asked on it while it is looked at. */
  readonly look?: string
  /** Asked on everything, because these know no resources. */
  readonly any?: string
}

/** What a thing is made in: a VPC of the same stack, or one that is there already. */
export type Inside = 'vpc' | 'any-vpc' | 'subnet' | 'elastic-ip'

export const needs: Readonly<Record<string, Needs>> = {
  'AWS::EC2::VPC': {
    makes: 'ec2:CreateVpc',
    tags: 'ec2:CreateTags',
    create: 'ec2:ModifyVpcAttribute',
    delete: 'ec2:DeleteVpc',
    any: 'ec2:DescribeVpcs ec2:DescribeVpcAttribute ec2:DescribeSecurityGroups ec2:DescribeNetworkAcls',
  },
  'AWS::EC2::InternetGateway': {
    makes: 'ec2:CreateInternetGateway',
    tags: 'ec2:CreateTags',
    delete: 'ec2:DeleteInternetGateway',
    any: 'ec2:DescribeInternetGateways',
  },
  // The thing is the gateway, and the VPC.
  'AWS::EC2::VPCGatewayAttachment': {
    makes: '',
    create: 'ec2:AttachInternetGateway',
    delete: 'ec2:DetachInternetGateway',
    any: 'ec2:DescribeInternetGateways ec2:DescribeVpnGateways',
  },
  'AWS::EC2::RouteTable': {
    makes: 'ec2:CreateRouteTable',
    in: ['vpc'],
    tags: 'ec2:CreateTags',
    delete: 'ec2:DeleteRouteTable',
    any: 'ec2:DescribeRouteTables',
  },
  // The thing is its table.
  'AWS::EC2::Route': {
    makes: '',
    create: 'ec2:CreateRoute',
    delete: 'ec2:DeleteRoute',
    any: 'ec2:DescribeRouteTables ec2:DescribeNetworkInterfaces',
  },
  'AWS::EC2::Subnet': {
    makes: 'ec2:CreateSubnet',
    in: ['vpc'],
    tags: 'ec2:CreateTags',
    delete: 'ec2:DeleteSubnet',
    // And its zone, which `Fn::GetAZs` asks for.
    any: 'ec2:DescribeSubnets ec2:DescribeNetworkAcls ec2:DescribeAvailabilityZones',
  },
  // The thing is the table, and the subnet.
  'AWS::EC2::SubnetRouteTableAssociation': {
    makes: '',
    create: 'ec2:AssociateRouteTable',
    delete: 'ec2:DisassociateRouteTable',
    any: 'ec2:DescribeRouteTables ec2:DescribeSubnets',
  },
  'AWS::EC2::EIP': {
    makes: 'ec2:AllocateAddress',
    tags: 'ec2:CreateTags',
    delete: 'ec2:DisassociateAddress ec2:ReleaseAddress',
    any: 'ec2:DescribeAddresses',
  },
  'AWS::EC2::NatGateway': {
    makes: 'ec2:CreateNatGateway',
    in: ['subnet', 'elastic-ip'],
    tags: 'ec2:CreateTags',
    delete: 'ec2:DeleteNatGateway',
    any: 'ec2:DescribeNatGateways',
  },
  'AWS::EC2::SecurityGroup': {
    makes: 'ec2:CreateSecurityGroup',
    in: ['any-vpc'],
    tags: 'ec2:CreateTags',
    create: 'ec2:AuthorizeSecurityGroupEgress ec2:AuthorizeSecurityGroupIngress ec2:RevokeSecurityGroupEgress',
    update: 'ec2:RevokeSecurityGroupIngress',
    delete: 'ec2:DeleteSecurityGroup',
    any: 'ec2:DescribeInstances ec2:DescribeSecurityGroups',
  },
  // The thing of these two is the group. A range that changes is another rule.
  'AWS::EC2::SecurityGroupIngress': {
    makes: '',
    create: 'ec2:AuthorizeSecurityGroupIngress',
    delete: 'ec2:RevokeSecurityGroupIngress',
    any: 'ec2:DescribeSecurityGroupRules ec2:DescribeSecurityGroups',
  },
  'AWS::EC2::SecurityGroupEgress': {
    makes: '',
    create: 'ec2:AuthorizeSecurityGroupEgress ec2:RevokeSecurityGroupEgress',
    delete: 'ec2:RevokeSecurityGroupEgress',
    any: 'ec2:DescribeSecurityGroupRules',
  },
  'AWS::EC2::LaunchTemplate': {
    makes: 'ec2:CreateLaunchTemplate',
    tags: 'ec2:CreateTags',
    update: 'ec2:CreateLaunchTemplateVersion',
    delete: 'ec2:DeleteLaunchTemplate',
    any: 'ec2:DescribeLaunchTemplates',
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    makes: 'elasticloadbalancing:CreateLoadBalancer',
    tags: 'elasticloadbalancing:AddTags',
    create: 'elasticloadbalancing:ModifyLoadBalancerAttributes',
    update: 'elasticloadbalancing:ModifyLoadBalancerAttributes elasticloadbalancing:SetSubnets',
    delete: 'elasticloadbalancing:DeleteLoadBalancer',
    any: 'elasticloadbalancing:DescribeCapacityReservation elasticloadbalancing:DescribeLoadBalancerAttributes elasticloadbalancing:DescribeLoadBalancers elasticloadbalancing:DescribeTags',
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    makes: 'elasticloadbalancing:CreateTargetGroup',
    tags: 'elasticloadbalancing:AddTags',
    create: 'elasticloadbalancing:ModifyTargetGroupAttributes',
    update: 'elasticloadbalancing:ModifyTargetGroup elasticloadbalancing:ModifyTargetGroupAttributes',
    delete: 'elasticloadbalancing:DeleteTargetGroup',
    any: 'elasticloadbalancing:DescribeTags elasticloadbalancing:DescribeTargetGroupAttributes elasticloadbalancing:DescribeTargetGroups elasticloadbalancing:DescribeTargetHealth',
  },
  // Made at its load balancer, and what it is then at itself.
  'AWS::ElasticLoadBalancingV2::Listener': {
    makes: 'elasticloadbalancing:CreateListener',
    create: 'elasticloadbalancing:ModifyListenerAttributes',
    update: 'elasticloadbalancing:ModifyListener elasticloadbalancing:ModifyListenerAttributes',
    delete: 'elasticloadbalancing:DeleteListener',
    any: 'elasticloadbalancing:DescribeListenerAttributes elasticloadbalancing:DescribeListeners',
  },
  // Made at its listener. The stack policy lets no update reach it.
  'AWS::ElasticLoadBalancingV2::ListenerRule': {
    makes: 'elasticloadbalancing:CreateRule',
    delete: 'elasticloadbalancing:DeleteRule',
    any: 'elasticloadbalancing:DescribeRules',
  },
  'AWS::Route53::RecordSet': {
    makes: 'route53:ChangeResourceRecordSets',
    update: 'route53:ChangeResourceRecordSets',
    delete: 'route53:ChangeResourceRecordSets',
    look: 'route53:GetHostedZone route53:ListResourceRecordSets',
  },
  'AWS::ServiceDiscovery::Service': {
    makes: 'servicediscovery:CreateService',
    delete: 'servicediscovery:DeleteService',
    look: 'servicediscovery:GetService',
  },
  'AWS::Logs::LogGroup': {
    makes: 'logs:CreateLogGroup',
    tags: 'logs:TagResource',
    create: 'logs:PutRetentionPolicy',
    update: 'logs:PutRetentionPolicy',
    delete: 'logs:DeleteLogGroup',
    look: 'logs:DescribeIndexPolicies logs:GetDataProtectionPolicy logs:ListTagsForResource',
    any: 'logs:DescribeLogGroups',
  },
  'AWS::CloudWatch::Alarm': {
    makes: 'cloudwatch:PutMetricAlarm',
    tags: 'cloudwatch:TagResource',
    update: 'cloudwatch:PutMetricAlarm',
    delete: 'cloudwatch:DeleteAlarms',
    look: 'cloudwatch:ListTagsForResource',
    any: 'cloudwatch:DescribeAlarms',
  },
  'AWS::ECS::Cluster': {
    makes: 'ecs:CreateCluster',
    tags: 'ecs:TagResource',
    delete: 'ecs:DeleteCluster',
    look: 'ecs:DescribeClusters',
  },
  'AWS::ECS::ClusterCapacityProviderAssociations': {
    makes: 'ecs:PutClusterCapacityProviders',
    delete: 'ecs:PutClusterCapacityProviders',
    look: 'ecs:DescribeClusters',
  },
  'AWS::ECS::CapacityProvider': {
    makes: 'ecs:CreateCapacityProvider',
    tags: 'ecs:TagResource',
    delete: 'ecs:DeleteCapacityProvider',
    look: 'ecs:DescribeCapacityProviders',
  },
  'AWS::ECS::TaskDefinition': {
    makes: 'ecs:RegisterTaskDefinition',
    tags: 'ecs:TagResource',
    delete: 'ecs:DeregisterTaskDefinition',
    any: 'ecs:DescribeTaskDefinition',
  },
  // Deleted after its count is 0. The stack policy lets no update reach it.
  'AWS::ECS::Service': {
    makes: 'ecs:CreateService',
    tags: 'ecs:TagResource',
    delete: 'ecs:DeleteService ecs:UpdateService',
    look: 'ecs:DescribeServices ecs:ListServiceDeployments',
  },
  'AWS::ApplicationAutoScaling::ScalableTarget': {
    makes: 'application-autoscaling:RegisterScalableTarget',
    update: 'application-autoscaling:RegisterScalableTarget',
    delete: 'application-autoscaling:DeregisterScalableTarget',
    any: 'application-autoscaling:DescribeScalableTargets application-autoscaling:DescribeScheduledActions',
  },
  'AWS::ApplicationAutoScaling::ScalingPolicy': {
    makes: 'application-autoscaling:PutScalingPolicy',
    update: 'application-autoscaling:PutScalingPolicy',
    delete: 'application-autoscaling:DeleteScalingPolicy',
    any: 'application-autoscaling:DescribeScalingPolicies cloudwatch:DescribeAlarms',
  },
  'AWS::AutoScaling::AutoScalingGroup': {
    makes: 'autoscaling:CreateAutoScalingGroup',
    tags: 'autoscaling:CreateOrUpdateTags',
    update: 'autoscaling:UpdateAutoScalingGroup',
    delete: 'autoscaling:DeleteAutoScalingGroup autoscaling:UpdateAutoScalingGroup',
    // Its schema says `autoscaling:Describe*`, `ec2:Describe*` and `ec2:Get*`: here is what a group with a launch template and no more has.
    any: 'autoscaling:DescribeAutoScalingGroups autoscaling:DescribeInstanceRefreshes autoscaling:DescribeLifecycleHooks autoscaling:DescribeNotificationConfigurations autoscaling:DescribeScalingActivities autoscaling:DescribeTrafficSources autoscaling:DescribeWarmPool ec2:DescribeImages ec2:DescribeInstanceTypes ec2:DescribeLaunchTemplateVersions ec2:DescribeLaunchTemplates ec2:DescribeSecurityGroups ec2:DescribeSubnets',
  },
  'AWS::ECR::Repository': {
    makes: 'ecr:CreateRepository',
    tags: 'ecr:TagResource',
    create: 'ecr:PutLifecyclePolicy',
    update: 'ecr:PutImageTagMutability ecr:PutLifecyclePolicy',
    delete: 'ecr:DeleteRepository',
    look: 'ecr:DescribeRepositories ecr:GetLifecyclePolicy ecr:GetRepositoryPolicy ecr:ListTagsForResource',
  },
  'AWS::IAM::Role': {
    makes: 'iam:CreateRole',
    // And whom it trusts, and for how long, where a parameter says so.
    update: 'iam:PutRolePermissionsBoundary',
    delete: 'iam:DeleteRole',
    look: 'iam:GetRole iam:ListAttachedRolePolicies iam:ListRolePolicies',
  },
  'AWS::IAM::InstanceProfile': {
    makes: 'iam:CreateInstanceProfile',
    create: 'iam:AddRoleToInstanceProfile',
    delete: 'iam:DeleteInstanceProfile iam:RemoveRoleFromInstanceProfile',
    look: 'iam:GetInstanceProfile',
  },
  // It is there: the role of whoever does this trusts it. And it stays.
  'AWS::IAM::OIDCProvider': { makes: '', delete: '', look: 'iam:GetOpenIDConnectProvider' },
}
