# The app in moto, see drift.test.ts.

provider "aws" {
  region     = "eu-central-1"
  access_key = "MOTO"
  secret_key = "moto"
}

module "network" {
  source = "./terraform/network"

  name            = "shop"
  private_subnets = false
}

module "app" {
  source = "./terraform/app"

  service               = "shop"
  vpc_id                = module.network.vpc_id
  load_balancer_subnets = module.network.load_balancer_subnets
  task_subnets          = module.network.task_subnets
  public_tasks          = module.network.public_tasks
  image                 = "sample-app:0.0.1"
  test_cidrs            = ["198.51.100.0/24"]
}

output "action_inputs" {
  value = module.app.action_inputs
}
