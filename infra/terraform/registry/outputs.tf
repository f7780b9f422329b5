output "repository_uri" {
  description = "What an image's name begins with."
  value       = aws_ecr_repository.images.repository_url
}

output "repository_arn" {
  description = "For the variable of the same name in ../app."
  value       = aws_ecr_repository.images.arn
}
