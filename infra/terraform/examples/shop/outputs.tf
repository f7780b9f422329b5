output "action_inputs" {
  description = "Inputs of the action: what stands below with: of a workflow."
  value       = module.app.action_inputs
}

output "roles" {
  description = "ARNs of the roles, by the names that the examples' variables have."
  value = {
    BUILD_ROLE    = module.github.build_role
    DEPLOY_ROLE   = module.github.deploy_role
    ROLLBACK_ROLE = module.github.rollback_role
    READ_ROLE     = module.github.read_role
  }
}
