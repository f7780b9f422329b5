# For the repository's variables, under the names that the examples use.

output "build_role" {
  description = "BUILD_ROLE of the examples."
  value       = aws_iam_role.job["build"].arn
}

output "deploy_role" {
  description = "DEPLOY_ROLE of the examples."
  value       = aws_iam_role.job["deploy"].arn
}

output "rollback_role" {
  description = "For workflows that only roll back, in place of DEPLOY_ROLE."
  value       = aws_iam_role.job["rollback"].arn
}

output "read_role" {
  description = "For workflows with mode status or plan."
  value       = aws_iam_role.job["read"].arn
}

output "preview_role" {
  description = "PREVIEW_ROLE of the examples."
  value       = var.previews == "" ? null : aws_iam_role.job["preview"].arn
}
