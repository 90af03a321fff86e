"""Oscar's partner app for the shop without the extension: the sandbox's VAT, and nothing else."""
