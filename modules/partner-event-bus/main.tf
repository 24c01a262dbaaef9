resource "aws_cloudwatch_event_bus" "this" {
  # A name that begins with aws. is refused unless it equals the event source's.
  name              = var.event_source_name
  event_source_name = var.event_source_name
}
