"""What people are told: receipts, e-mails, alerts, and every sentence about money."""
