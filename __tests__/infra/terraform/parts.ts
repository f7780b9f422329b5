/** What the Terraform modules have for each resource of the templates. A resource of either that is missing here fails a test. */

/** By module, which is called as its template is: the resource in Terraform, and those of the template that it stands for. */
export const parts: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  app: {
    'aws_security_group.load_balancer': ['LoadBalancerSecurityGroup'],
    'aws_vpc_security_group_ingress_rule.testers': ['FromTesters', 'FromMoreTesters'],
    'aws_vpc_security_group_egress_rule.to_tasks': ['LoadBalancerToTasks'],
    'aws_security_group.tasks': ['TaskSecurityGroup'],
    'aws_lb.this': ['LoadBalancer'],
    'aws_lb_target_group.color': ['BlueTargetGroup', 'GreenTargetGroup'],
    'aws_lb_listener.production': ['ProductionListener'],
    'aws_lb_listener.redirect': ['RedirectListener'],
    'aws_lb_listener_rule.production': ['ProductionRule'],
    'aws_lb_listener.test': ['TestListener'],
    'aws_lb_listener_rule.test': ['TestRule'],
    'aws_route53_record.this': ['Record'],
    'aws_cloudwatch_log_group.this': ['Logs'],
    'aws_iam_role.execution': ['ExecutionRole'],
    'aws_iam_role.task': ['TaskRole'],
    'aws_ecs_task_definition.first': ['TaskDefinition'],
    'aws_ecs_cluster.owned': ['OwnedCluster'],
    'aws_service_discovery_service.color': ['BlueName', 'GreenName'],
    'aws_ecs_service.color': ['BlueService', 'GreenService'],
    'aws_cloudwatch_metric_alarm.watched': ['TargetErrorsAlarm', 'BalancerErrorsAlarm', 'LatencyAlarm'],
    'aws_cloudwatch_metric_alarm.unhealthy': ['BlueUnhealthyAlarm', 'GreenUnhealthyAlarm'],
  },
  network: {
    'aws_vpc.this': ['Vpc'],
    'aws_internet_gateway.this': ['Gateway', 'GatewayAttachment'],
    'aws_route_table.public': ['PublicRoutes'],
    'aws_route.public': ['PublicRoute'],
    'aws_subnet.public': ['PublicSubnetA', 'PublicSubnetB'],
    'aws_route_table_association.public': ['PublicRoutesA', 'PublicRoutesB'],
    'aws_eip.nat': ['NatAddressA', 'NatAddressB'],
    'aws_nat_gateway.this': ['NatA', 'NatB'],
    'aws_subnet.private': ['PrivateSubnetA', 'PrivateSubnetB'],
    'aws_route_table.private': ['PrivateRoutesA', 'PrivateRoutesB'],
    'aws_route.private': ['PrivateRouteA', 'PrivateRouteB'],
    'aws_route_table_association.private': ['PrivateTableA', 'PrivateTableB'],
  },
  registry: { 'aws_ecr_repository.images': ['Images'] },
  scaling: {
    'aws_appautoscaling_target.color': ['BlueTarget', 'GreenTarget'],
    'aws_appautoscaling_policy.cpu': ['BluePolicy', 'GreenPolicy'],
  },
  'capacity-ec2': {
    'aws_security_group.instances': ['InstanceSecurityGroup'],
    'aws_iam_role.instances': ['InstanceRole'],
    'aws_iam_instance_profile.instances': ['InstanceProfile'],
    'aws_launch_template.instances': ['Template'],
    'aws_autoscaling_group.instances': ['Instances'],
    'aws_ecs_capacity_provider.this': ['Provider'],
    'aws_ecs_cluster.this': ['OwnedCluster'],
    'aws_ecs_cluster_capacity_providers.this': ['Providers'],
  },
  github: {
    'aws_iam_openid_connect_provider.github': ['Provider'],
    'aws_iam_role.job': ['BuildRole', 'DeployRole', 'RollbackRole', 'ReadRole', 'PreviewRole'],
  },
}

/** What is a property of another resource in the template, and a resource of its own in Terraform. */
export const properties: Readonly<Record<string, readonly string[]>> = {
  app: [
    'aws_vpc_security_group_ingress_rule.http',
    'aws_vpc_security_group_ingress_rule.https',
    'aws_vpc_security_group_ingress_rule.from_load_balancer',
    'aws_vpc_security_group_egress_rule.out',
    'aws_iam_role_policy.execution',
    'aws_ecs_cluster_capacity_providers.owned',
  ],
  registry: ['aws_ecr_lifecycle_policy.images'],
  'capacity-ec2': ['aws_vpc_security_group_egress_rule.out', 'aws_iam_role_policy_attachment.instances'],
  github: ['aws_iam_role_policy.job'],
}

/** What CloudFormation cannot do, and Terraform can. infra/terraform/README.md says so, too. */
export const more: Readonly<Record<string, readonly string[]>> = { network: ['aws_default_security_group.closed'] }

/** What kinds of resources stand for each other. */
export const kinds: Readonly<Record<string, string>> = {
  aws_security_group: 'AWS::EC2::SecurityGroup',
  aws_vpc_security_group_ingress_rule: 'AWS::EC2::SecurityGroupIngress',
  aws_vpc_security_group_egress_rule: 'AWS::EC2::SecurityGroupEgress',
  aws_lb: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  aws_lb_target_group: 'AWS::ElasticLoadBalancingV2::TargetGroup',
  aws_lb_listener: 'AWS::ElasticLoadBalancingV2::Listener',
  aws_lb_listener_rule: 'AWS::ElasticLoadBalancingV2::ListenerRule',
  aws_route53_record: 'AWS::Route53::RecordSet',
  aws_cloudwatch_log_group: 'AWS::Logs::LogGroup',
  aws_iam_role: 'AWS::IAM::Role',
  aws_iam_instance_profile: 'AWS::IAM::InstanceProfile',
  aws_iam_openid_connect_provider: 'AWS::IAM::OIDCProvider',
  aws_ecs_task_definition: 'AWS::ECS::TaskDefinition',
  aws_ecs_cluster: 'AWS::ECS::Cluster',
  aws_ecs_cluster_capacity_providers: 'AWS::ECS::ClusterCapacityProviderAssociations',
  aws_ecs_capacity_provider: 'AWS::ECS::CapacityProvider',
  aws_ecs_service: 'AWS::ECS::Service',
  aws_service_discovery_service: 'AWS::ServiceDiscovery::Service',
  aws_cloudwatch_metric_alarm: 'AWS::CloudWatch::Alarm',
  aws_vpc: 'AWS::EC2::VPC',
  // With the attachment to its VPC.
  aws_internet_gateway: 'AWS::EC2::InternetGateway',
  aws_route_table: 'AWS::EC2::RouteTable',
  aws_route: 'AWS::EC2::Route',
  aws_subnet: 'AWS::EC2::Subnet',
  aws_route_table_association: 'AWS::EC2::SubnetRouteTableAssociation',
  aws_eip: 'AWS::EC2::EIP',
  aws_nat_gateway: 'AWS::EC2::NatGateway',
  aws_ecr_repository: 'AWS::ECR::Repository',
  aws_appautoscaling_target: 'AWS::ApplicationAutoScaling::ScalableTarget',
  aws_appautoscaling_policy: 'AWS::ApplicationAutoScaling::ScalingPolicy',
  aws_launch_template: 'AWS::EC2::LaunchTemplate',
  aws_autoscaling_group: 'AWS::AutoScaling::AutoScalingGroup',
}
