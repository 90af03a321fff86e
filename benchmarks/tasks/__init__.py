"""What workers carry out; each function takes and returns JSON."""
