# All of it for one app, in a network of its own. Copy this folder, and take the modules from a release:
#   source = "github.com/org/ecs-bluegreen//infra/terraform/app?ref=v1"
#
# The first image must be there before the services: apply the registry first, push, then apply the rest.
#   terraform apply -target=module.registry

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.8, < 7.0"
    }
  }
}

provider "aws" {
  region = var.region
}

module "registry" {
  source = "../../registry"

  repository = var.service
}

module "network" {
  source = "../../network"

  name = var.service
}

module "app" {
  source = "../../app"

  service               = var.service
  vpc_id                = module.network.vpc_id
  load_balancer_subnets = module.network.load_balancer_subnets
  task_subnets          = module.network.task_subnets
  public_tasks          = module.network.public_tasks
  image                 = "${module.registry.repository_uri}:${var.first_tag}"
  repository_arn        = module.registry.repository_arn
  certificate_arn       = var.certificate_arn
  domain_name           = var.domain_name
  hosted_zone_id        = var.hosted_zone_id
  test_cidrs            = var.test_cidrs
}

module "scaling" {
  source = "../../scaling"

  cluster = module.app.cluster
  service = module.app.service
}

module "github" {
  source = "../../github"

  repository     = var.repository
  service        = module.app.service
  cluster        = module.app.cluster
  repository_arn = module.registry.repository_arn
  provider_arn   = var.provider_arn
}
