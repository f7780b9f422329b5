# Roles that jobs of GitHub Actions take without any stored key, one for each kind of job, in one repository. What they may do is in
# ../../iam, which "npm run docs" writes from the source that "mode plan" prints policies from.

data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  provider_arn = var.provider_arn == "" ? aws_iam_openid_connect_provider.github[0].arn : var.provider_arn

  of_branch       = "repo:${var.repository}:ref:refs/heads/${var.branch}"
  of_environment  = "repo:${var.repository}:environment:${var.environment}"
  of_pull_request = "repo:${var.repository}:pull_request"

  # Whose jobs may take each role, and for how many seconds; an hour is what AWS gives when nothing is said.
  roles = merge(
    {
      # Pushes images, and cannot deploy them.
      build = { subjects = [local.of_branch], seconds = 3600 }
      # Deploys, promotes and rolls back.
      deploy = { subjects = [local.of_environment], seconds = var.session_seconds }
      # Gives traffic back to a version that is registered already. It can register nothing and start no task of its own.
      rollback = { subjects = [local.of_branch, local.of_environment], seconds = var.session_seconds }
      # For mode status and plan: looks, and changes nothing. Pull requests may, too, but not those from forks, which get no token.
      read = { subjects = [local.of_branch, local.of_pull_request], seconds = 3600 }
    },
    # Makes, updates and takes away previews of pull requests, and only reads production. A preview runs what a branch says with the roles of
    # production's tasks: whoever may open a pull request from a branch of this repository has their rights.
    var.previews == "" ? {} : {
      preview = { subjects = [local.of_pull_request, local.of_branch], seconds = 3600 }
    },
  )

  # The words of the policies in capitals. The cluster comes last: its name may have capitals of its own.
  policies = {
    for role in keys(local.roles) : role => replace(replace(replace(replace(replace(replace(replace(
      file("${path.module}/../../iam/${role}.json"),
      "PARTITION", data.aws_partition.current.partition),
      "REGION", data.aws_region.current.region),
      "ACCOUNT", data.aws_caller_identity.current.account_id),
      "SERVICE", var.service),
      "PREVIEWS", var.previews),
      "REPOSITORY", var.repository_arn),
    "CLUSTER", var.cluster)
  }
}

# An account can have only one. Other roles of the account may use it by now: before a destroy, `terraform state rm` keeps it for them.
resource "aws_iam_openid_connect_provider" "github" {
  count = var.provider_arn == "" ? 1 : 0

  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "job" {
  for_each = local.roles

  name                 = "${var.service}-${each.key}"
  max_session_duration = each.value.seconds
  permissions_boundary = var.boundary == "" ? null : var.boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = local.provider_arn }
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = each.value.subjects
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "job" {
  for_each = local.roles

  name   = each.key
  role   = aws_iam_role.job[each.key].id
  policy = local.policies[each.key]
}
