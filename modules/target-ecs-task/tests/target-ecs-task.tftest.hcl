mock_provider "aws" {}

variables {
  aws_region     = "eu-central-1"
  aws_account_id = "012345678901"
  rule_arns      = ["arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence"]
  role_name      = "archive-invoke"
}

run "a_new_task_in_a_new_cluster" {
  variables {
    name        = "archive"
    image       = "public.ecr.aws/docker/library/busybox:1.37"
    environment = { BUCKET = "contact-centre-events" }
  }

  override_resource {
    target = aws_ecs_cluster.this
    values = { arn = "arn:aws:ecs:eu-central-1:012345678901:cluster/archive" }
  }

  override_resource {
    target = aws_ecs_task_definition.this
    values = { arn = "arn:aws:ecs:eu-central-1:012345678901:task-definition/archive:1" }
  }

  override_resource {
    target = aws_iam_role.execution
    values = { arn = "arn:aws:iam::012345678901:role/archive-execution" }
  }

  override_resource {
    target = aws_iam_role.task
    values = { arn = "arn:aws:iam::012345678901:role/archive-task" }
  }

  override_module {
    target  = module.invoke_role
    outputs = { arn = "arn:aws:iam::012345678901:role/archive-invoke", name = "archive-invoke" }
  }

  assert {
    condition = jsonencode(local.statements) == jsonencode([
      {
        actions    = ["ecs:RunTask"]
        resources  = ["arn:aws:ecs:eu-central-1:012345678901:task-definition/archive:1"]
        conditions = { ArnEquals = { "ecs:cluster" = ["arn:aws:ecs:eu-central-1:012345678901:cluster/archive"] } }
      },
      {
        actions    = ["iam:PassRole"]
        resources  = ["arn:aws:iam::012345678901:role/archive-execution", "arn:aws:iam::012345678901:role/archive-task"]
        conditions = { StringEquals = { "iam:PassedToService" = ["ecs-tasks.amazonaws.com"] } }
      },
    ])
    error_message = "The role may run exactly this task in exactly this cluster, and pass exactly its roles to ECS."
  }

  assert {
    condition     = output.arn == "arn:aws:ecs:eu-central-1:012345678901:cluster/archive" && output.task_definition_arn == "arn:aws:ecs:eu-central-1:012345678901:task-definition/archive:1" && output.role_arn == "arn:aws:iam::012345678901:role/archive-invoke"
    error_message = "A rule needs cluster, task definition and role."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.execution[0].policy).Statement == [{
      Sid      = "WriteLog"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "arn:aws:logs:eu-central-1:012345678901:log-group:/ecs/archive:*"
    }]
    error_message = "ECS may write the log of this task and nothing else."
  }

  assert {
    condition = jsondecode(aws_iam_role.task[0].assume_role_policy).Statement == [{
      Sid       = "TasksRun"
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = "012345678901" } }
    }]
    error_message = "Tasks of this account only may have the task role."
  }

  assert {
    condition = jsondecode(aws_ecs_task_definition.this[0].container_definitions) == [{
      name        = "events"
      image       = "public.ecr.aws/docker/library/busybox:1.37"
      essential   = true
      environment = [{ name = "BUCKET", value = "contact-centre-events" }]
      logConfiguration = {
        logDriver = "awslogs"
        options   = { awslogs-group = "/ecs/archive", awslogs-region = "eu-central-1", awslogs-stream-prefix = "events" }
      }
    }]
    error_message = "The container must be what was given, and log."
  }

  assert {
    condition     = aws_ecs_task_definition.this[0].cpu == "256" && aws_ecs_task_definition.this[0].memory == "512" && aws_ecs_task_definition.this[0].network_mode == "awsvpc" && aws_ecs_task_definition.this[0].requires_compatibilities == toset(["FARGATE"])
    error_message = "The task must be Fargate's smallest unless told otherwise."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this[0].name == "/ecs/archive" && aws_cloudwatch_log_group.this[0].retention_in_days == 30
    error_message = "The container's log must have a retention."
  }
}

run "an_existing_task" {
  command = plan

  variables {
    cluster_arn         = "arn:aws:ecs:eu-central-1:012345678901:cluster/shared"
    task_definition_arn = "arn:aws:ecs:eu-central-1:012345678901:task-definition/archive:7"
    pass_role_arns      = ["arn:aws:iam::012345678901:role/ecs/archive"]
  }

  assert {
    condition = jsonencode(local.statements) == jsonencode([
      {
        actions    = ["ecs:RunTask"]
        resources  = ["arn:aws:ecs:eu-central-1:012345678901:task-definition/archive:7"]
        conditions = { ArnEquals = { "ecs:cluster" = ["arn:aws:ecs:eu-central-1:012345678901:cluster/shared"] } }
      },
      {
        actions    = ["iam:PassRole"]
        resources  = ["arn:aws:iam::012345678901:role/ecs/archive"]
        conditions = { StringEquals = { "iam:PassedToService" = ["ecs-tasks.amazonaws.com"] } }
      },
    ])
    error_message = "The role may run and pass exactly what was given."
  }

  assert {
    condition     = length(aws_ecs_cluster.this) + length(aws_ecs_task_definition.this) + length(aws_iam_role.execution) + length(aws_iam_role.task) + length(aws_cloudwatch_log_group.this) == 0
    error_message = "Nothing that exists must be made."
  }

  assert {
    condition     = output.arn == var.cluster_arn && output.task_definition_arn == var.task_definition_arn
    error_message = "The rule must name what was given."
  }
}

run "an_existing_task_without_roles" {
  command = plan

  variables {
    cluster_arn         = "arn:aws:ecs:eu-central-1:012345678901:cluster/shared"
    task_definition_arn = "arn:aws:ecs:eu-central-1:012345678901:task-definition/archive:7"
  }

  assert {
    condition     = [for statement in local.statements : statement.actions] == [["ecs:RunTask"]]
    error_message = "Where there is no role, none may be passed."
  }
}

run "roles_of_ones_own" {
  command = plan

  variables {
    cluster_arn        = "arn:aws:ecs:eu-central-1:012345678901:cluster/shared"
    name               = "archive"
    image              = "012345678901.dkr.ecr.eu-central-1.amazonaws.com/archive:1"
    container_name     = "archive"
    cpu                = 1024
    memory             = 3072
    execution_role_arn = "arn:aws:iam::012345678901:role/pull"
    task_role_arn      = "arn:aws:iam::012345678901:role/archive"
    log_retention_days = 7
  }

  assert {
    condition     = length(aws_iam_role.execution) == 0 && length(aws_iam_role_policy.execution) == 0 && length(aws_iam_role.task) == 0 && length(aws_ecs_cluster.this) == 0
    error_message = "Roles and cluster that exist must not be made."
  }

  assert {
    condition     = aws_ecs_task_definition.this[0].execution_role_arn == var.execution_role_arn && aws_ecs_task_definition.this[0].task_role_arn == var.task_role_arn
    error_message = "The task must have the roles that were given."
  }

  assert {
    condition     = aws_ecs_task_definition.this[0].cpu == "1024" && aws_ecs_task_definition.this[0].memory == "3072" && aws_cloudwatch_log_group.this[0].retention_in_days == 7
    error_message = "Sizes and retention must be those that were given."
  }
}

run "a_cluster_without_a_name_is_refused" {
  command = plan

  variables {
    task_definition_arn = "arn:aws:ecs:eu-central-1:012345678901:task-definition/archive:7"
  }

  expect_failures = [aws_ecs_cluster.this]
}

run "a_task_without_an_image_is_refused" {
  command = plan

  variables {
    name = "archive"
  }

  expect_failures = [aws_ecs_task_definition.this]
}

run "a_size_that_fargate_does_not_have_is_refused" {
  command = plan

  variables {
    name   = "archive"
    image  = "public.ecr.aws/docker/library/busybox:1.37"
    memory = 1536
  }

  expect_failures = [aws_ecs_task_definition.this]
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    aws_partition       = "AWS"
    aws_region          = "Frankfurt"
    aws_account_id      = "12345678901"
    rule_arns           = []
    cluster_arn         = "shared"
    task_definition_arn = "arn:aws:ecs:eu-central-1:012345678901:task-definition/archive"
    pass_role_arns      = ["arn:aws:iam::012345678901:role/*"]
    name                = "with space"
    image               = "with space"
    cpu                 = 128
    memory              = 256
    container_name      = "with space"
    environment         = { "" = "nameless" }
    execution_role_arn  = "pull"
    task_role_arn       = "archive"
    log_retention_days  = 31
    role_name           = "with space"
  }

  expect_failures = [
    var.aws_partition,
    var.aws_region,
    var.aws_account_id,
    var.rule_arns,
    var.cluster_arn,
    var.task_definition_arn,
    var.pass_role_arns,
    var.name,
    var.image,
    var.cpu,
    var.memory,
    var.container_name,
    var.environment,
    var.execution_role_arn,
    var.task_role_arn,
    var.log_retention_days,
    var.role_name,
  ]
}
