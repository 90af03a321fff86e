"""Plans, in Oscar's dashboard."""
