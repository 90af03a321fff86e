"""Mail to members: kinds, texts, outbox and delivery. It imports no other room."""
