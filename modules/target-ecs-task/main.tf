locals {
  create_cluster         = var.cluster_arn == null
  create_task_definition = var.task_definition_arn == null
  create_execution_role  = local.create_task_definition && var.execution_role_arn == null
  create_task_role       = local.create_task_definition && var.task_role_arn == null

  # Names are needed where something is made; without them a precondition says what is missing.
  name          = coalesce(var.name, "missing")
  made_cluster  = "arn:${var.aws_partition}:ecs:${var.aws_region}:${var.aws_account_id}:cluster/${local.name}"
  cluster_arn   = local.create_cluster ? local.made_cluster : var.cluster_arn
  log_group     = "/ecs/${local.name}"
  log_group_arn = "arn:${var.aws_partition}:logs:${var.aws_region}:${var.aws_account_id}:log-group:${local.log_group}"

  execution_role_arn  = local.create_execution_role ? one(aws_iam_role.execution[*].arn) : var.execution_role_arn
  task_role_arn       = local.create_task_role ? one(aws_iam_role.task[*].arn) : var.task_role_arn
  task_definition_arn = local.create_task_definition ? one(aws_ecs_task_definition.this[*].arn) : var.task_definition_arn
  pass_role_arns      = local.create_task_definition ? [local.execution_role_arn, local.task_role_arn] : var.pass_role_arns

  # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html: cpu -> memory in MB.
  memory_sizes = {
    "256"   = [512, 1024, 2048]
    "512"   = range(1024, 4097, 1024)
    "1024"  = range(2048, 8193, 1024)
    "2048"  = range(4096, 16385, 1024)
    "4096"  = range(8192, 30721, 1024)
    "8192"  = range(16384, 61441, 4096)
    "16384" = range(32768, 122881, 8192)
  }

  run_task = {
    actions    = ["ecs:RunTask"]
    resources  = [local.task_definition_arn]
    conditions = { ArnEquals = { "ecs:cluster" = [local.cluster_arn] } }
  }

  pass_roles = local.create_task_definition || length(var.pass_role_arns) > 0 ? [{
    actions    = ["iam:PassRole"]
    resources  = local.pass_role_arns
    conditions = { StringEquals = { "iam:PassedToService" = ["ecs-tasks.amazonaws.com"] } }
  }] : []

  statements = concat([local.run_task], local.pass_roles)
}

resource "aws_ecs_cluster" "this" {
  count = local.create_cluster ? 1 : 0

  name = local.name

  lifecycle {
    precondition {
      condition     = var.name != null
      error_message = "Give cluster_arn for a cluster that exists, or name for a new one."
    }

    postcondition {
      condition     = self.arn == local.made_cluster
      error_message = "AWS made the cluster ${self.arn}, but ${local.made_cluster} was planned: aws_account_id, aws_region or aws_partition is not the provider's."
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  count = local.create_task_definition ? 1 : 0

  name              = local.log_group
  retention_in_days = var.log_retention_days
}

resource "aws_iam_role" "execution" {
  count = local.create_execution_role ? 1 : 0

  name        = "${local.name}-execution"
  description = "ECS starts the tasks of ${local.name}"

  # AWS documents aws:SourceAccount for task roles, not for execution roles.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "EcsStartsTasks"
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "execution" {
  count = local.create_execution_role ? 1 : 0

  name = "execution"
  role = aws_iam_role.execution[0].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "WriteLog"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${local.log_group_arn}:*"
    }]
  })
}

resource "aws_iam_role" "task" {
  count = local.create_task_role ? 1 : 0

  name        = "${local.name}-task"
  description = "The container of ${local.name}, without permissions"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TasksRun"
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = var.aws_account_id } }
    }]
  })
}

resource "aws_ecs_task_definition" "this" {
  count = local.create_task_definition ? 1 : 0

  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy.execution]

  family                   = local.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = tostring(var.cpu)
  memory                   = tostring(var.memory)
  execution_role_arn       = local.execution_role_arn
  task_role_arn            = local.task_role_arn

  container_definitions = jsonencode([{
    name        = var.container_name
    image       = var.image
    essential   = true
    environment = [for name, value in var.environment : { name = name, value = value }]

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = local.log_group
        awslogs-region        = var.aws_region
        awslogs-stream-prefix = "events"
      }
    }
  }])

  lifecycle {
    # The rule still names the revision before until it is changed: that revision must run as long.
    create_before_destroy = true

    precondition {
      condition     = var.name != null && var.image != null
      error_message = "Give task_definition_arn for a task definition that exists, or name and image for a new one."
    }

    precondition {
      condition     = contains(local.memory_sizes[tostring(var.cpu)], var.memory)
      error_message = "With ${var.cpu} CPU units Fargate has ${join(", ", local.memory_sizes[tostring(var.cpu)])} MB of memory, and not ${var.memory}."
    }
  }
}

module "invoke_role" {
  source = "../invoke-role"

  aws_partition  = var.aws_partition
  aws_region     = var.aws_region
  aws_account_id = var.aws_account_id
  rule_arns      = var.rule_arns
  name           = var.role_name
  statements     = local.statements
}
