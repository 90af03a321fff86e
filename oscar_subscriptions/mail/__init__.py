"""E-mails to members: kinds, texts, the outbox, delivery. It knows no other room."""
