# What has to be on the cluster before Jotline. `tofu destroy` leaves all of it: others may use it.

locals {
  kubectl = { KUBECONFIG = var.kubeconfig }
  bash    = ["bash", "-euo", "pipefail", "-c"]
  apply   = "kubectl apply --server-side --force-conflicts"
  wait    = "kubectl wait deployment --all --for=condition=Available --timeout=10m"
}

resource "terraform_data" "cert_manager" {
  triggers_replace = [local.releases.cert_manager]

  provisioner "local-exec" {
    interpreter = local.bash
    environment = local.kubectl
    command     = <<-EOT
      ${local.apply} -f ${local.releases.cert_manager}/cert-manager.yaml
      ${local.wait} -n cert-manager
    EOT
  }
}

resource "terraform_data" "serving" {
  triggers_replace = [local.releases.serving, local.releases.kourier, var.domain]
  depends_on       = [terraform_data.cert_manager]

  provisioner "local-exec" {
    interpreter = local.bash
    environment = merge(local.kubectl, {
      NETWORK = jsonencode({ data = {
        "ingress-class"       = "kourier.ingress.networking.knative.dev"
        "external-domain-tls" = "Enabled"
        "http-protocol"       = "Redirected"
      } })
      DOMAIN = jsonencode({ data = { (var.domain) = "" } })
      ISSUER = jsonencode({ data = { issuerRef = "kind: ClusterIssuer\nname: letsencrypt\n" } })
    })
    command = <<-EOT
      ${local.apply} -f ${local.releases.serving}/serving-crds.yaml
      kubectl wait crd --for=condition=Established --timeout=2m services.serving.knative.dev
      ${local.apply} -f ${local.releases.serving}/serving-core.yaml
      ${local.apply} -f ${local.releases.serving}/serving-hpa.yaml
      ${local.apply} -f ${local.releases.kourier}/kourier.yaml
      ${local.wait} -n knative-serving
      ${local.wait} -n kourier-system
      kubectl patch configmap config-domain -n knative-serving --type merge --patch "$DOMAIN"
      kubectl patch configmap config-certmanager -n knative-serving --type merge --patch "$ISSUER"
      kubectl patch configmap config-network -n knative-serving --type merge --patch "$NETWORK"
    EOT
  }
}

resource "terraform_data" "certificates" {
  triggers_replace = [var.email]
  depends_on       = [terraform_data.serving]

  provisioner "local-exec" {
    interpreter = local.bash
    environment = merge(local.kubectl, {
      ISSUER = jsonencode({
        apiVersion = "cert-manager.io/v1"
        kind       = "ClusterIssuer"
        metadata   = { name = "letsencrypt" }
        spec = { acme = {
          server              = "https://acme-v02.api.letsencrypt.org/directory"
          email               = var.email
          privateKeySecretRef = { name = "letsencrypt" }
          solvers             = [{ http01 = { ingress = { class = "kourier" } } }]
        } }
      })
    })
    command = "${local.apply} -f - <<< \"$ISSUER\""
  }
}

resource "terraform_data" "eventing" {
  triggers_replace = [local.releases.eventing]
  depends_on       = [terraform_data.serving]

  provisioner "local-exec" {
    interpreter = local.bash
    environment = local.kubectl
    command     = <<-EOT
      ${local.apply} -f ${local.releases.eventing}/eventing-crds.yaml
      kubectl wait crd --for=condition=Established --timeout=2m brokers.eventing.knative.dev triggers.eventing.knative.dev
      ${local.apply} -f ${local.releases.eventing}/eventing-core.yaml
      ${local.wait} -n knative-eventing
    EOT
  }
}

resource "terraform_data" "rabbitmq" {
  triggers_replace = [local.releases.cluster, local.releases.topology, local.releases.eventing_mq]
  depends_on       = [terraform_data.cert_manager, terraform_data.eventing]

  provisioner "local-exec" {
    interpreter = local.bash
    # At its usual log level the dispatcher writes every reply into its log, people's words included.
    environment = merge(local.kubectl, {
      LOGGING = jsonencode({ data = {
        "loglevel.rabbitmq-dispatcher" = "warn"
        "loglevel.rabbitmq-ingress"    = "warn"
      } })
    })
    command = <<-EOT
      ${local.apply} -f ${local.releases.cluster}/cluster-operator.yml
      ${local.apply} -f ${local.releases.topology}/messaging-topology-operator-with-certmanager.yaml
      ${local.wait} -n rabbitmq-system
      ${local.apply} -f ${local.releases.eventing_mq}/rabbitmq-broker.yaml
      kubectl patch configmap config-logging -n knative-eventing --type merge --patch "$LOGGING"
      ${local.wait} -n knative-eventing
    EOT
  }
}
