"""What can be bought, by whom, for which days. Nothing here writes a row or asks for money."""
