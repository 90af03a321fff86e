"""The payment method that the provider stores for a member: stored, charged, forgotten."""
