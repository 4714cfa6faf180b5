"""Tables of policy: outcomes and retries."""
