# A cluster on EC2 instances that ECS itself starts and ends, for apps that Fargate does not suit (GPUs, reserved instances, huge tasks). Leave
# it out for Fargate.

data "aws_partition" "current" {}

data "aws_ssm_parameter" "machine_image" {
  name = var.machine_image
}

# No port is open: nobody logs in, and tasks have groups of their own. Session Manager is the way in.
resource "aws_security_group" "instances" {
  name        = "instances-of-${var.cluster}"
  description = "The instances of the cluster"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "out" {
  security_group_id = aws_security_group.instances.id
  description       = "ECS and the registry"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_iam_role" "instances" {
  name_prefix          = "${substr(var.cluster, 0, 37)}-"
  permissions_boundary = var.boundary == "" ? null : var.boundary

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.${data.aws_partition.current.dns_suffix}" } }]
  })
}

resource "aws_iam_role_policy_attachment" "instances" {
  for_each = toset(["service-role/AmazonEC2ContainerServiceforEC2Role", "AmazonSSMManagedInstanceCore"])

  role       = aws_iam_role.instances.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/${each.key}"
}

resource "aws_iam_instance_profile" "instances" {
  name_prefix = "${var.cluster}-"
  role        = aws_iam_role.instances.name
}

resource "aws_launch_template" "instances" {
  name_prefix            = "${var.cluster}-"
  image_id               = data.aws_ssm_parameter.machine_image.insecure_value
  instance_type          = var.instance_type
  vpc_security_group_ids = [aws_security_group.instances.id]
  update_default_version = true

  iam_instance_profile {
    arn = aws_iam_instance_profile.instances.arn
  }

  # Tasks do not reach the instance's credentials: one hop ends on the instance.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      encrypted   = true
      volume_type = "gp3"
      volume_size = 30
    }
  }

  user_data = base64encode(<<-EOT
    #!/bin/bash
    echo ECS_CLUSTER=${var.cluster} >> /etc/ecs/ecs.config
    echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config
  EOT
  )
}

# ECS decides how many there are, so no number is said here but the bounds.
resource "aws_autoscaling_group" "instances" {
  name_prefix         = "${var.cluster}-"
  vpc_zone_identifier = var.task_subnets
  min_size            = 0
  max_size            = var.max_instances
  # ECS turns this off again for instances without tasks; it is what keeps the others from being ended under theirs.
  protect_from_scale_in = true

  launch_template {
    id      = aws_launch_template.instances.id
    version = aws_launch_template.instances.latest_version
  }

  tag {
    key                 = "AmazonECSManaged"
    value               = ""
    propagate_at_launch = true
  }

  tag {
    key                 = "Name"
    value               = var.cluster
    propagate_at_launch = true
  }

  lifecycle {
    ignore_changes = [desired_capacity]
  }
}

resource "aws_ecs_capacity_provider" "this" {
  name = var.cluster

  auto_scaling_group_provider {
    auto_scaling_group_arn         = aws_autoscaling_group.instances.arn
    managed_termination_protection = "ENABLED"
    # Tasks are drained from an instance before it is ended.
    managed_draining = "ENABLED"

    managed_scaling {
      status          = "ENABLED"
      target_capacity = 100
    }
  }
}

resource "aws_ecs_cluster" "this" {
  #checkov:skip=CKV_AWS_65: Container Insights has a price by the metric, and deploys do not read it. Turn it on for the account where you want it.
  name = var.cluster
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = [aws_ecs_capacity_provider.this.name]

  default_capacity_provider_strategy {
    capacity_provider = aws_ecs_capacity_provider.this.name
    weight            = 1
  }
}
