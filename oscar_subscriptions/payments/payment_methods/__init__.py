"""The payment method that the provider stores for a member: kept, used, forgotten."""
