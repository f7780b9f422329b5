# What a task is.

resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158: CloudWatch encrypts logs with a key of its own. A KMS key has a price, and must be opened to the service of logs.
  name              = "/ecs/${var.service}"
  retention_in_days = var.log_days
}

data "aws_iam_policy_document" "tasks" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

# What ECS itself needs to start a task: the image, and the log.
resource "aws_iam_role" "execution" {
  name               = "${var.service}-execution"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}

data "aws_iam_policy_document" "execution" {
  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this.arn}:*"]
  }

  dynamic "statement" {
    for_each = var.repository_arn == "" ? [] : [var.repository_arn]

    content {
      actions   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      resources = [statement.value]
    }
  }

  dynamic "statement" {
    for_each = var.repository_arn == "" ? [] : ["*"]

    content {
      actions = ["ecr:GetAuthorizationToken"]
      # It knows no resources.
      resources = [statement.value]
    }
  }
}

resource "aws_iam_role_policy" "execution" {
  name   = "start-tasks"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.execution.json
}

# What the app may do in AWS: nothing yet. Attach your own policies to it.
resource "aws_iam_role" "task" {
  name               = "${var.service}-task"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
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
