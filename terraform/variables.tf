variable "kubeconfig" {
  description = "The kubeconfig of the cluster; on k3s /etc/rancher/k3s/k3s.yaml."
  type        = string
}

variable "overlay" {
  description = "Which overlay of knative/overlays to apply."
  type        = string
  default     = "single-node"

  validation {
    condition     = contains(["single-node", "several-nodes"], var.overlay)
    error_message = "Must be single-node or several-nodes; the overlay kafka expects a Kafka and its broker to be there already."
  }
}

variable "host" {
  description = "The name under which everything is reached from outside, webhooks, board and API: jotline.example.org. It must lead to the cluster."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$", var.host))
    error_message = "A host name, without https:// and without a path."
  }
}

variable "email" {
  description = "Where Let's Encrypt writes to when a certificate cannot be renewed."
  type        = string
}

variable "database_url" {
  description = "A PostgreSQL of your own; empty for the one in the overlay single-node."
  type        = string
  default     = ""
  sensitive   = true

  validation {
    condition     = var.overlay == "single-node" || var.database_url != ""
    error_message = "The overlay several-nodes brings no PostgreSQL: say where yours is."
  }
}

variable "postgres_password" {
  description = "For the PostgreSQL in the overlay single-node: letters and digits, 24 or more (openssl rand -hex 24)."
  type        = string
  default     = ""
  sensitive   = true

  validation {
    condition     = var.database_url != "" || can(regex("^[0-9A-Za-z]{24,}$", var.postgres_password))
    error_message = "Without database_url a password of at least 24 letters and digits is needed."
  }
}

variable "party_secret" {
  description = "Key of the HMAC that groups a person's events (openssl rand -hex 32). Changing it makes everyone a stranger."
  type        = string
  sensitive   = true

  validation {
    condition     = length(var.party_secret) >= 32
    error_message = "At least 32 characters."
  }
}

variable "jwt_secret" {
  description = "Key of the tokens that the board and the API give and take (openssl rand -hex 32). Changing it signs everybody out."
  type        = string
  sensitive   = true

  validation {
    condition     = length(var.jwt_secret) >= 32
    error_message = "At least 32 characters."
  }
}

variable "admin_phones" {
  description = "Whose sign-in makes them an admin: numbers in full, with commas between them."
  type        = string
  default     = ""
}

variable "twilio_account_sid" {
  description = "The account, AC..."
  type        = string
}

variable "twilio_auth_token" {
  description = "Its token."
  type        = string
  sensitive   = true
}

variable "twilio_from" {
  description = "The number, in full: +14155550100."
  type        = string
}

variable "twilio_number_sid" {
  description = "The number's own id, PN... (Twilio's console shows it with the number)."
  type        = string

  validation {
    condition     = can(regex("^PN[0-9a-f]{32}$", var.twilio_number_sid))
    error_message = "PN and 32 hex digits."
  }
}

variable "twilio_api_url" {
  description = "Where Twilio's REST API is."
  type        = string
  default     = "https://api.twilio.com"
}
