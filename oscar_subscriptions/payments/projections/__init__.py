"""What Oscar shows of a payment: its Source and Transaction rows, and the order's status."""
