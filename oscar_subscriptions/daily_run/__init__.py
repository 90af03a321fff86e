"""The daily run does what has fallen due; the doctor reports where records disagree.

``steps`` parks and restores services, writes reminders and sends the outbox. ``runner`` runs the
steps, with those that other rooms add.
"""
