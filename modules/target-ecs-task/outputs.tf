output "arn" {
  description = "ARN of the cluster, which a rule names as target of an ECS task; what uses it waits until EventBridge may run the task in it."
  value       = local.cluster_arn
  depends_on  = [aws_ecs_cluster.this, module.invoke_role]
}

output "task_definition_arn" {
  description = "ARN of the task definition with its revision, for the ecs block of the rule's target."
  value       = local.task_definition_arn
  depends_on  = [aws_ecs_task_definition.this]
}

output "role_arn" {
  description = "ARN of the role with which EventBridge starts the task."
  value       = module.invoke_role.arn
}
