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
  triggers_replace = [local.releases.serving, local.releases.kourier]
  depends_on       = [terraform_data.cert_manager]

  provisioner "local-exec" {
    interpreter = local.bash
    environment = merge(local.kubectl, {
      NETWORK = jsonencode({ data = { "ingress-class" = "kourier.ingress.networking.knative.dev" } })
      INSIDE  = jsonencode({ spec = { type = "ClusterIP" } })
    })
    command = <<-EOT
      ${local.apply} -f ${local.releases.serving}/serving-crds.yaml
      kubectl wait crd --for=condition=Established --timeout=2m services.serving.knative.dev
      ${local.apply} -f ${local.releases.serving}/serving-core.yaml
      ${local.apply} -f ${local.releases.serving}/serving-hpa.yaml
      ${local.apply} -f ${local.releases.kourier}/kourier.yaml
      ${local.wait} -n knative-serving
      ${local.wait} -n kourier-system
      kubectl patch configmap config-network -n knative-serving --type merge --patch "$NETWORK"
      kubectl patch service kourier -n kourier-system --type merge --patch "$INSIDE"
    EOT
  }
}

# The door (knative/components/one-host): k3s' own Traefik, told to look after the Gateway API as well.
resource "terraform_data" "gateway" {
  triggers_replace = [local.releases.gateway_api]
  depends_on       = [terraform_data.serving]

  provisioner "local-exec" {
    interpreter = local.bash
    environment = merge(local.kubectl, {
      TRAEFIK = jsonencode({
        apiVersion = "helm.cattle.io/v1"
        kind       = "HelmChartConfig"
        metadata   = { name = "traefik", namespace = "kube-system" }
        spec = { valuesContent = yamlencode({
          providers = { kubernetesGateway = { enabled = true } }
          gateway   = { enabled = false } # ours is in the overlay
        }) }
      })
    })
    command = <<-EOT
      ${local.apply} -f ${local.releases.gateway_api}/standard-install.yaml
      ${local.apply} -f - <<< "$TRAEFIK"
    EOT
  }
}

resource "terraform_data" "certificates" {
  triggers_replace = [var.email]
  depends_on       = [terraform_data.gateway]

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
          solvers             = [{ http01 = { ingress = { ingressClassName = "traefik" } } }]
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
