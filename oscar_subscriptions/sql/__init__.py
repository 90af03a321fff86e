"""How statements about many rows are written; knows no model."""
