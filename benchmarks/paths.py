"""Where the benchmarks live and what they write."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SANDBOX = ROOT / "sandbox"
# Databases and logs; kept between runs and ignored by git. Removing it starts over.
VAR = ROOT / "benchmarks" / "var"
DOCS = ROOT / "docs" / "performance"
