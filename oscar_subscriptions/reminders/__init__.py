"""Who is reminded of a last day, and when: ``due`` decides, ``mails`` writes, ``opt_out`` stops."""
