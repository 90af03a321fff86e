"""What all pages of ours have in common, whoever looks at them."""
