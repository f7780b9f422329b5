resource "aws_ecr_repository" "images" {
  #checkov:skip=CKV_AWS_51: Immutable but for three names that no deploy uses; the scanner knows only all or nothing.
  #checkov:skip=CKV_AWS_136: ECR encrypts with a key of its own (AES-256) already. A KMS key has a price, and one more permission that a task needs to start.
  name = var.repository
  # A tag that cannot move names the same bits in a rollback as in its first deploy. Only the tags that stand for "the newest of" may.
  image_tag_mutability = "IMMUTABLE_WITH_EXCLUSION"
  # With the last image the last way back would be gone: ECR deletes no repository that has some.
  force_delete = false

  dynamic "image_tag_mutability_exclusion_filter" {
    for_each = [var.branch, "dev-*", "staging-*"]

    content {
      filter_type = "WILDCARD"
      filter      = image_tag_mutability_exclusion_filter.value
    }
  }

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "AES256"
  }
}

resource "aws_ecr_lifecycle_policy" "images" {
  repository = aws_ecr_repository.images.name

  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "what lost its tag, such as a build that was pushed again"
        selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 7 }
        action       = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "all but the newest"
        selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = var.keep_images }
        action       = { type = "expire" }
      },
    ]
  })
}
