terraform {
  # Rules between variables.
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # Tags of images that cannot move, but for some.
      version = ">= 6.8, < 7.0"
    }
  }
}
