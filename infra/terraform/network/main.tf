data "aws_availability_zones" "here" {
  #checkov:skip=CKV_AWS_394: It is asked for the first two only, and a subnet that is there keeps its zone whatever a later answer is.
  state = "available"

  # No local zones.
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

locals {
  # Two zones, by the place that their subnets have in the VPC.
  zones   = { a = 0, b = 1 }
  private = var.private_subnets ? local.zones : {}
}

resource "aws_vpc" "this" {
  #checkov:skip=CKV2_AWS_11: Flow logs have a price by the gigabyte, and a home (account, retention) that only the owner of the account knows.
  cidr_block           = var.cidr
  enable_dns_hostnames = true
  enable_dns_support   = true
  tags                 = { Name = var.name }
}

# The VPC's own one, which EC2 makes with rules that let its members reach each other and everything else. Terraform takes them away, which the
# template cannot: what is put into it by mistake reaches nothing and is reached by nobody. Use the groups of the app.
resource "aws_default_security_group" "closed" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.name}-for-nothing" }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = var.name }
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.name}-public" }
}

resource "aws_route" "public" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}

# Addresses are given to tasks by their service, so no subnet gives one to whatever starts in it.
resource "aws_subnet" "public" {
  for_each = local.zones

  vpc_id            = aws_vpc.this.id
  availability_zone = data.aws_availability_zones.here.names[each.value]
  cidr_block        = cidrsubnet(var.cidr, 4, each.value)
  tags              = { Name = "${var.name}-public-${each.key}" }

  lifecycle {
    # A zone that is new, or that is out, must not move a subnet.
    ignore_changes = [availability_zone]
  }
}

resource "aws_route_table_association" "public" {
  for_each = local.zones

  subnet_id      = aws_subnet.public[each.key].id
  route_table_id = aws_route_table.public.id
}

# One gateway a zone: with one for both, the loss of its zone would stop all new tasks, which pull their image through it.
resource "aws_eip" "nat" {
  for_each = local.private

  domain     = "vpc"
  tags       = { Name = "${var.name}-${each.key}" }
  depends_on = [aws_internet_gateway.this]
}

resource "aws_nat_gateway" "this" {
  for_each = local.private

  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = aws_subnet.public[each.key].id
  tags          = { Name = "${var.name}-${each.key}" }
}

resource "aws_subnet" "private" {
  for_each = local.private

  vpc_id            = aws_vpc.this.id
  availability_zone = data.aws_availability_zones.here.names[each.value]
  cidr_block        = cidrsubnet(var.cidr, 4, each.value + 2)
  tags              = { Name = "${var.name}-private-${each.key}" }

  lifecycle {
    # A zone that is new, or that is out, must not move a subnet.
    ignore_changes = [availability_zone]
  }
}

resource "aws_route_table" "private" {
  for_each = local.private

  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.name}-private-${each.key}" }
}

resource "aws_route" "private" {
  for_each = local.private

  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[each.key].id
}

resource "aws_route_table_association" "private" {
  for_each = local.private

  subnet_id      = aws_subnet.private[each.key].id
  route_table_id = aws_route_table.private[each.key].id
}
