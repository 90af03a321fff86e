"""The daily run, which does what a date makes due, and the doctor, which reports disagreements."""
