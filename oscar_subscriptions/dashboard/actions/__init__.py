"""What operators do to a subscription: each action is a form, a preview, and then the deed.

``trial`` carries an action out, and undoes it unless the operator has seen exactly these effects.
``facts`` reads what may change of a member, and ``effects`` puts a difference into words. ``views``
has the three steps; the other modules have the actions, and ``registry`` lists them.
"""
