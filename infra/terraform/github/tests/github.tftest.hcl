mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { region = "eu-central-1" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
  }
}

variables {
  repository     = "acme/shop"
  service        = "shop"
  cluster        = "My_CLUSTER"
  repository_arn = "arn:aws:ecr:eu-central-1:123456789012:repository/shop"
}

run "roles" {
  assert {
    condition = { for role, made in aws_iam_role.job : role => jsondecode(made.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] } == {
      build    = ["repo:acme/shop:ref:refs/heads/main"]
      deploy   = ["repo:acme/shop:environment:production"]
      rollback = ["repo:acme/shop:ref:refs/heads/main", "repo:acme/shop:environment:production"]
      read     = ["repo:acme/shop:ref:refs/heads/main", "repo:acme/shop:pull_request"]
    }
    error_message = "Each role is for jobs of this repository, word by word; without previews there is none for them."
  }

  assert {
    condition = alltrue([for made in aws_iam_role.job : alltrue([
      length(jsondecode(made.assume_role_policy).Statement) == 1,
      jsondecode(made.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com",
      jsondecode(made.assume_role_policy).Statement[0].Principal.Federated == aws_iam_openid_connect_provider.github[0].arn,
    ])])
    error_message = "Nobody but GitHub's provider is trusted, for AWS as the audience."
  }

  assert {
    condition     = { for role, made in aws_iam_role.job : role => made.max_session_duration } == { build = 3600, deploy = 7200, rollback = 7200, read = 3600 }
    error_message = "Deploys and rollbacks have a longer session."
  }

  assert {
    condition     = alltrue([for policy in aws_iam_role_policy.job : length(regexall("[A-Z]{6,}", replace(policy.policy, "My_CLUSTER", ""))) == 0])
    error_message = "Every word of the policies in capitals is filled in."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.job["deploy"].policy).Statement : statement if statement.Sid == "UpdateServices"]).Resource == ["arn:aws:ecs:eu-central-1:123456789012:service/My_CLUSTER/shop-blue", "arn:aws:ecs:eu-central-1:123456789012:service/My_CLUSTER/shop-green"]
    error_message = "A deploy may update the two services of this app."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.job["build"].policy).Statement : statement if statement.Sid == "PushImages"]).Resource == var.repository_arn
    error_message = "A build may push to the one repository."
  }
}

run "previews_and_a_provider_that_is_there" {
  variables {
    previews     = "shop"
    provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
  }

  assert {
    condition     = jsondecode(aws_iam_role.job["preview"].assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == ["repo:acme/shop:pull_request", "repo:acme/shop:ref:refs/heads/main"]
    error_message = "Pull requests make previews, the branch takes them away."
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0
    error_message = "An account can have only one provider."
  }

  assert {
    condition     = length(regexall("[A-Z]{6,}", replace(aws_iam_role_policy.job["preview"].policy, "My_CLUSTER", ""))) == 0
    error_message = "Every word in capitals is filled in."
  }
}

run "refuses_wildcards_in_the_repository" {
  command = plan

  variables {
    repository = "acme/*"
  }

  expect_failures = [var.repository]
}

run "refuses_wildcards_in_the_environment_and_the_branch" {
  command = plan

  variables {
    environment = "*"
    branch      = "release-*"
  }

  expect_failures = [var.environment, var.branch]
}
