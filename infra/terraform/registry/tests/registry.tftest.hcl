mock_provider "aws" {}

variables {
  repository = "shop"
}

run "images" {
  assert {
    condition     = aws_ecr_repository.images.image_tag_mutability == "IMMUTABLE_WITH_EXCLUSION" && [for filter in aws_ecr_repository.images.image_tag_mutability_exclusion_filter : filter.filter] == ["main", "dev-*", "staging-*"]
    error_message = "Tags stay where they are, but for those that no deploy uses."
  }

  assert {
    condition     = aws_ecr_repository.images.image_scanning_configuration[0].scan_on_push && aws_ecr_repository.images.force_delete == false
    error_message = "What is pushed is looked at, and no image goes with the registry."
  }

  assert {
    condition     = [for rule in jsondecode(aws_ecr_lifecycle_policy.images.policy).rules : rule.selection.countNumber] == [7, 100]
    error_message = "Old images are thrown away."
  }
}
