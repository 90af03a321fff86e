"""The terms of sale and their versions, in Oscar's dashboard."""
