"""What the provider says of an attempt is compared with what the shop knows, and applied."""
