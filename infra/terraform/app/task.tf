# What a task is.

resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158: CloudWatch encrypts logs with a key of its own. A KMS key has a price, and must be opened to the service of logs.
  name              = "/ecs/${var.service}"
  retention_in_days = var.log_days
}

locals {
  by_tasks = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  })

  pulls = [
    { Effect = "Allow", Action = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], Resource = var.repository_arn },
    # It knows no resources.
    { Effect = "Allow", Action = ["ecr:GetAuthorizationToken"], Resource = "*" },
  ]
}

# What ECS itself needs to start a task: the image, and the log.
resource "aws_iam_role" "execution" {
  name                 = "${var.service}-execution"
  assume_role_policy   = local.by_tasks
  permissions_boundary = var.boundary == "" ? null : var.boundary
}

resource "aws_iam_role_policy" "execution" {
  name = "start-tasks"
  role = aws_iam_role.execution.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{ Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = "${aws_cloudwatch_log_group.this.arn}:*" }],
      [for statement in local.pulls : statement if var.repository_arn != ""],
    )
  })
}

# What the app may do in AWS: nothing yet. Attach your own policies to it.
resource "aws_iam_role" "task" {
  name                 = "${var.service}-task"
  assume_role_policy   = local.by_tasks
  permissions_boundary = var.boundary == "" ? null : var.boundary
}

# The first revision. A change makes another one that nobody runs, until a deploy is told to; the old ones stay, for rollbacks.
resource "aws_ecs_task_definition" "first" {
  family                   = var.service
  network_mode             = "awsvpc"
  requires_compatibilities = [local.fargate ? "FARGATE" : "EC2"]
  cpu                      = var.cpu
  memory                   = var.memory
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  skip_destroy             = true

  runtime_platform {
    cpu_architecture        = var.architecture
    operating_system_family = "LINUX"
  }

  container_definitions = jsonencode([{
    name                   = var.container_name
    image                  = var.image
    essential              = true
    portMappings           = [{ containerPort = var.container_port, protocol = "tcp" }]
    readonlyRootFilesystem = true
    # A first process that hands SIGTERM on, and seconds to end in what is in flight.
    linuxParameters = { initProcessEnabled = true }
    stopTimeout     = 30

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = data.aws_region.current.region
        awslogs-stream-prefix = var.container_name
      }
    }
  }])
}
