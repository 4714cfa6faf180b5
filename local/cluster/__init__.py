"""The cluster on one machine without Kubernetes: Knative's own RabbitMQ ingress and dispatchers between our functions."""
