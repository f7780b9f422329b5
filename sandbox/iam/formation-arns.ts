import type { Members } from '../infra/template.ts'

/** How IAM calls what CloudFormation makes: by names where the templates give them, with ids that AWS might have given elsewhere. */

export interface Place {
  readonly partition: string
  readonly region: string
  readonly account: string
  /** Of the app. */
  readonly app: string
  /** That the app's services are in. */
  readonly cluster: string
  readonly stack: string
}

/** AWS gives ids to these; the tags say whose they are. */
export const ec2 = (place: Place, kind: string) => `${arn(place, 'ec2')}${kind}/${kind}-0a1b2c3d`

export const arn = ({ partition, region, account }: Place, service: string) =>
  `arn:${partition}:${service}:${region}:${account}:`
export const iam = ({ partition, account }: Place, rest: string) => `arn:${partition}:iam::${account}:${rest}`
const elb = (place: Place, kind: string) => [`${arn(place, 'elasticloadbalancing')}${kind}/0a1b2c3d`]
export const ecs = (place: Place, rest: string) => [`${arn(place, 'ecs')}${rest}`]

type Arns = (properties: Members, place: Place, id: string) => readonly string[]

const ofKinds =
  (...kinds: readonly string[]): Arns =>
  (_, place) =>
    kinds.map(kind => ec2(place, kind))

const scalable: Arns = (_, place) => [`${arn(place, 'application-autoscaling')}scalable-target/0a1b2c3d`]

/** By type of resource. */
export const ownArns: Readonly<Record<string, Arns>> = {
  'AWS::EC2::VPC': ofKinds('vpc'),
  'AWS::EC2::InternetGateway': ofKinds('internet-gateway'),
  'AWS::EC2::VPCGatewayAttachment': ofKinds('internet-gateway', 'vpc'),
  'AWS::EC2::RouteTable': ofKinds('route-table'),
  'AWS::EC2::Route': ofKinds('route-table'),
  'AWS::EC2::Subnet': ofKinds('subnet'),
  'AWS::EC2::SubnetRouteTableAssociation': ofKinds('route-table', 'subnet'),
  'AWS::EC2::EIP': ofKinds('elastic-ip'),
  'AWS::EC2::NatGateway': ofKinds('natgateway'),
  'AWS::EC2::SecurityGroup': ofKinds('security-group'),
  'AWS::EC2::SecurityGroupIngress': ofKinds('security-group'),
  'AWS::EC2::SecurityGroupEgress': ofKinds('security-group'),
  'AWS::EC2::LaunchTemplate': ofKinds('launch-template'),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ({ Name }, place) => elb(place, `loadbalancer/app/${Name}`),
  'AWS::ElasticLoadBalancingV2::TargetGroup': ({ Name }, place) => elb(place, `targetgroup/${Name}`),
  'AWS::ElasticLoadBalancingV2::Listener': (_, place) => elb(place, `listener/app/${place.app}/0a1b2c3d`),
  'AWS::ElasticLoadBalancingV2::ListenerRule': (_, place) => elb(place, `listener-rule/app/${place.app}/0a1b2c3d/0a1b`),
  'AWS::Route53::RecordSet': ({ HostedZoneId }, { partition }) => [
    `arn:${partition}:route53:::hostedzone/${HostedZoneId}`,
  ],
  'AWS::ServiceDiscovery::Service': (_, place) => [`${arn(place, 'servicediscovery')}service/srv-0a1b2c3d`],
  'AWS::Logs::LogGroup': ({ LogGroupName }, place) => [`${arn(place, 'logs')}log-group:${LogGroupName}`],
  'AWS::CloudWatch::Alarm': (_, place, id) => [`${arn(place, 'cloudwatch')}alarm:${place.stack}-${id}-0A1B2C3D`],
  'AWS::ECS::Cluster': ({ ClusterName }, place) => ecs(place, `cluster/${ClusterName}`),
  'AWS::ECS::ClusterCapacityProviderAssociations': (_, place) => ecs(place, `cluster/${place.cluster}`),
  'AWS::ECS::CapacityProvider': ({ Name }, place) => ecs(place, `capacity-provider/${Name}`),
  'AWS::ECS::TaskDefinition': ({ Family }, place) => ecs(place, `task-definition/${Family}:7`),
  'AWS::ECS::Service': ({ ServiceName }, place) => ecs(place, `service/${place.cluster}/${ServiceName}`),
  'AWS::ApplicationAutoScaling::ScalableTarget': scalable,
  'AWS::ApplicationAutoScaling::ScalingPolicy': scalable,
  'AWS::AutoScaling::AutoScalingGroup': (_, place, id) => [
    `${arn(place, 'autoscaling')}autoScalingGroup:0a1b2c3d:autoScalingGroupName/${place.stack}-${id}-0A1B2C3D`,
  ],
  'AWS::ECR::Repository': ({ RepositoryName }, place) => [`${arn(place, 'ecr')}repository/${RepositoryName}`],
  'AWS::IAM::Role': ({ RoleName }, place) => [iam(place, `role/${RoleName}`)],
  'AWS::IAM::InstanceProfile': ({ InstanceProfileName }, place) => [
    iam(place, `instance-profile/${InstanceProfileName}`),
  ],
  'AWS::IAM::OIDCProvider': ({ Url }, place) => [iam(place, `oidc-provider/${String(Url).replace('https://', '')}`)],
}

/** What a thing is made at, where that is another thing. */
export const homes: Readonly<Record<string, (properties: Members, place: Place) => readonly string[]>> = {
  'AWS::ElasticLoadBalancingV2::Listener': (_, place) => elb(place, `loadbalancer/app/${place.app}`),
  'AWS::ElasticLoadBalancingV2::ListenerRule': (_, place) => elb(place, `listener/app/${place.app}/0a1b2c3d`),
  'AWS::ServiceDiscovery::Service': ({ DnsConfig }, place) => [
    `${arn(place, 'servicediscovery')}namespace/${(DnsConfig as Members).NamespaceId}`,
  ],
}
