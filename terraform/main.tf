# Jotline on a cluster that is there: an existing kubeconfig in, a number that answers out.
#
#   tofu init && tofu apply -var-file=jotline.tfvars        (the steps one by one: docs/knative.md)
#
# Order: what it stands on (platform.tf), its secrets, the database's version, the functions, and last the number's webhook, so that
# no text arrives before there is somebody to take it. Needs bash, kubectl and curl. Secrets go through the environment and standard
# input, never through arguments; the state keeps hashes of them.

locals {
  overlay    = abspath("${path.module}/../knative/overlays/${var.overlay}")
  manifests  = "${path.module}/../knative"
  public_url = "https://${var.host}"
  postgres   = "postgres.jotline-data.svc.cluster.local"
  settings = {
    DATABASE_URL       = var.database_url != "" ? var.database_url : "postgresql://jotline:${var.postgres_password}@${local.postgres}/jotline"
    PARTY_SECRET       = var.party_secret
    JWT_SECRET         = var.jwt_secret
    ADMIN_PHONES       = var.admin_phones
    PUBLIC_URL         = local.public_url
    TWILIO_ACCOUNT_SID = var.twilio_account_sid
    TWILIO_AUTH_TOKEN  = var.twilio_auth_token
    TWILIO_FROM        = var.twilio_from
  }
  # Whatever is applied changes when a file does.
  manifests_hash = sha256(join("", [for file in sort(fileset(local.manifests, "**/*.yaml")) : filesha256("${local.manifests}/${file}")]))
}

resource "terraform_data" "secrets" {
  triggers_replace = [nonsensitive(sha256(jsonencode([local.settings, var.postgres_password])))]
  depends_on       = [terraform_data.rabbitmq]

  provisioner "local-exec" {
    interpreter = local.bash
    environment = merge(local.kubectl, local.settings, { POSTGRES_PASSWORD = var.postgres_password })
    command     = <<-EOT
      for namespace in jotline jotline-data; do
        kubectl create namespace "$namespace" --dry-run=client -o yaml | kubectl apply -f -
      done
      secret() {
        kubectl create secret generic "$2" -n "$1" --from-env-file=/dev/stdin --dry-run=client -o yaml | kubectl apply -f -
      }
      for name in DATABASE_URL PARTY_SECRET JWT_SECRET ADMIN_PHONES PUBLIC_URL TWILIO_ACCOUNT_SID TWILIO_AUTH_TOKEN TWILIO_FROM; do
        printf '%s=%s\n' "$name" "$${!name}"
      done | secret jotline jotline
      if [[ -n $POSTGRES_PASSWORD ]]; then
        printf 'POSTGRES_PASSWORD=%s\n' "$POSTGRES_PASSWORD" | secret jotline-data postgres
      fi
    EOT
  }
}

resource "terraform_data" "jotline" {
  # A setting is read when a function starts: new secrets need new revisions, which a new annotation makes.
  triggers_replace = [local.overlay, local.manifests_hash, var.host, terraform_data.secrets.id]
  input            = { kubeconfig = var.kubeconfig }
  depends_on       = [terraform_data.certificates]

  provisioner "local-exec" {
    interpreter = local.bash
    environment = merge(local.kubectl, { OVERLAY = local.overlay, HOST = var.host, SECRETS = terraform_data.secrets.id })
    command     = <<-EOT
      rendered=$(kubectl kustomize "$OVERLAY" | sed "s/jotline\\.example\\.org/$HOST/g")
      kubectl delete job migrate -n jotline --ignore-not-found
      kubectl apply --selector jotline.dev/first=true -f - <<< "$rendered"
      kubectl wait job/migrate -n jotline --for=condition=Complete --timeout=10m
      kubectl apply -f - <<< "$rendered"
      patch='{"spec":{"template":{"metadata":{"annotations":{"jotline.dev/secrets":"'"$SECRETS"'"}}}}}'
      for function in $(kubectl get services.serving.knative.dev -n jotline -o name); do
        kubectl patch "$function" -n jotline --type merge --patch "$patch"
      done
      kubectl wait services.serving.knative.dev --all -n jotline --for=condition=Ready --timeout=10m
      kubectl wait brokers.eventing.knative.dev,triggers.eventing.knative.dev --all -n jotline --for=condition=Ready --timeout=10m
    EOT
  }

  # The functions go; the namespace jotline-data, with everybody's todos, stays until a person deletes it.
  provisioner "local-exec" {
    when        = destroy
    interpreter = ["bash", "-euo", "pipefail", "-c"]
    environment = { KUBECONFIG = self.input.kubeconfig }
    command     = "kubectl delete namespace jotline --ignore-not-found --timeout=10m"
  }
}

resource "terraform_data" "number" {
  triggers_replace = [local.public_url, var.twilio_number_sid, var.twilio_api_url]
  depends_on       = [terraform_data.jotline]

  # The part behind # makes Twilio try again when an answer fails (its connection overrides).
  provisioner "local-exec" {
    interpreter = local.bash
    environment = {
      URL     = "${var.twilio_api_url}/2010-04-01/Accounts/${var.twilio_account_sid}/IncomingPhoneNumbers/${var.twilio_number_sid}.json"
      ACCOUNT = "${var.twilio_account_sid}:${var.twilio_auth_token}"
      TEXTS   = "${local.public_url}/twilio/message#rc=5&rp=all"
    }
    command = <<-EOT
      printf 'user = "%s"\n' "$ACCOUNT" | curl --fail --silent --show-error --output /dev/null --config - \
        --data-urlencode "SmsUrl=$TEXTS" --data SmsMethod=POST --data SmsFallbackUrl= "$URL"
    EOT
  }
}

output "board_url" {
  description = "The web board."
  value       = "${local.public_url}/"
}

output "api_url" {
  description = "The API, and its description."
  value       = "${local.public_url}/api/v1/docs"
}

output "webhook_url" {
  description = "Where Twilio posts messages; the number has been told."
  value       = "${local.public_url}/twilio/message"
}
