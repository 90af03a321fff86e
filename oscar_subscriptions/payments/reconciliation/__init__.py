"""Ask the provider about an attempt, compare the answer with the shop's rows, and apply it."""
