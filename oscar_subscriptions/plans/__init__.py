"""Plans: eligibility, prices and the days they give. Nothing here writes rows or collects money."""
