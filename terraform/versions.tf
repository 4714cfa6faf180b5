# No provider but the built-in one: every step is a kubectl or curl that a person could type, so nothing is downloaded that was not
# pinned here, and the whole can be checked and played through without a cluster (tests/unit/manifests/test_terraform.py).

terraform {
  required_version = ">= 1.8"
}

locals {
  # What Jotline stands on. Eventing and its RabbitMQ broker are those that tests/cluster runs (tools/dataplane: 0.48 is Knative 1.21). The
  # schemas its manifests are checked with are of these versions or the next (tools/check_manifests/schemas).
  versions = {
    cert_manager      = "v1.21.2"
    serving           = "knative-v1.22.0"
    kourier           = "knative-v1.22.0"
    gateway_api       = "v1.4.0"
    eventing          = "knative-v1.21.0"
    eventing_rabbitmq = "knative-v1.21.0"
    rabbitmq_cluster  = "v2.22.3"
    rabbitmq_topology = "v1.20.1"
  }

  github = "https://github.com"
  releases = {
    cert_manager = "${local.github}/cert-manager/cert-manager/releases/download/${local.versions.cert_manager}"
    serving      = "${local.github}/knative/serving/releases/download/${local.versions.serving}"
    gateway_api  = "${local.github}/kubernetes-sigs/gateway-api/releases/download/${local.versions.gateway_api}"
    kourier      = "${local.github}/knative-extensions/net-kourier/releases/download/${local.versions.kourier}"
    eventing     = "${local.github}/knative/eventing/releases/download/${local.versions.eventing}"
    eventing_mq  = "${local.github}/knative-extensions/eventing-rabbitmq/releases/download/${local.versions.eventing_rabbitmq}"
    cluster      = "${local.github}/rabbitmq/cluster-operator/releases/download/${local.versions.rabbitmq_cluster}"
    topology     = "${local.github}/rabbitmq/messaging-topology-operator/releases/download/${local.versions.rabbitmq_topology}"
  }
}
