mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }

  mock_data "aws_ssm_parameter" {
    defaults = { insecure_value = "ami-0123456789abcdef0" }
  }

  mock_resource "aws_iam_instance_profile" {
    defaults = { arn = "arn:aws:iam::123456789012:instance-profile/web" }
  }

  mock_resource "aws_launch_template" {
    defaults = { id = "lt-0123456789abcdef0", latest_version = 1 }
  }

  mock_resource "aws_autoscaling_group" {
    defaults = { arn = "arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:0123:autoScalingGroupName/web" }
  }
}

variables {
  cluster      = "web"
  vpc_id       = "vpc-0a1b2c3d4e5f60718"
  task_subnets = ["subnet-01111111111111111", "subnet-02222222222222222"]
}

run "instances" {
  assert {
    condition     = aws_autoscaling_group.instances.protect_from_scale_in && aws_ecs_capacity_provider.this.auto_scaling_group_provider[0].managed_termination_protection == "ENABLED" && aws_ecs_capacity_provider.this.auto_scaling_group_provider[0].managed_draining == "ENABLED"
    error_message = "Instances are ended by ECS only, after their tasks have left."
  }

  assert {
    condition     = aws_launch_template.instances.metadata_options[0].http_tokens == "required" && aws_launch_template.instances.metadata_options[0].http_put_response_hop_limit == 1
    error_message = "Tasks do not reach the instance's credentials."
  }

  assert {
    condition     = strcontains(base64decode(aws_launch_template.instances.user_data), "ECS_CLUSTER=web")
    error_message = "Instances join the cluster."
  }
}
