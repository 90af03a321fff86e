"""What the calendar brings about, once a day, and the doctor who compares what must agree."""
