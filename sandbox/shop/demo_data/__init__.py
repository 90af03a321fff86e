"""What the sandbox shop holds on its first day."""
