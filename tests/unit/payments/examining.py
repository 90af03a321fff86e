"""Let the doctor examine, and put right what it finds."""

from oscar_subscriptions.daily_run import doctor


def found(examination):
    return [(one.code, one.subject, one.problem) for one in examination()]


def examined(examination):
    """Return the findings of an examination, and its notes."""
    findings = list(examination())
    notes = [one for one in findings if isinstance(one, doctor.Note)]
    return [one for one in findings if one not in notes], notes


def heal(examination):
    """Put each finding right; it is not found again."""
    findings = list(examination())
    assert findings and all(one.fix for one in findings)
    for one in findings:
        one.fix()
    assert found(examination) == []
