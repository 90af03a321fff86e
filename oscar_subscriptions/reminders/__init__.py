"""Who is reminded of a last day, and when."""
