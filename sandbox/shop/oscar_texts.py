"""Oscar's texts on the way to a subscription that this shop words itself.

Oscar's French catalogue is complete on these pages, but some of its texts say something else than
what the page does ("pay" on a button that leads to the order), are not quite French, or lose
against Django's own catalogue, which comes first. Naming the texts here keeps them in this shop's
catalogue, which wins over all others. Nothing reads these names.
"""

from django.utils.translation import gettext_noop, ngettext_lazy, pgettext_lazy

# Oscar's French says "payment", but what follows is the order.
ORDERING = [
    gettext_noop("Proceed to checkout"),
    gettext_noop("Checkout now"),
    gettext_noop("Checkout"),
    gettext_noop("Date submitted"),
    pgettext_lazy("Buy again", "Re-order all items"),
]
# The shop is "la boutique" everywhere else.
SHOPPING = [
    gettext_noop("Browse store"),
    gettext_noop("Basket total:"),
    gettext_noop("\n                        Total: %(total)s\n                    "),
]
ACCOUNT = [
    gettext_noop("Thanks for registering!"),
    gettext_noop("Order History"),
    gettext_noop("Order history"),
    gettext_noop("Address Book"),
    gettext_noop("Address book"),
    gettext_noop("Email History"),
    gettext_noop("Product Alerts"),
    gettext_noop("Wish Lists"),
    gettext_noop("Date registered"),
]
# Django's catalogue, made for its admin, answers before Oscar's: one word for "e-mail" is enough.
FORMS = [
    gettext_noop("Email"),
    gettext_noop("Email address"),
    gettext_noop("email address"),
    gettext_noop("Go"),
]
# Line breaks and indentation are part of the text: Oscar's template does not trim it.
SEARCH = [
    ngettext_lazy(
        "\n                    Found <strong>%(num_results)s</strong> result.\n                ",
        "\n                    Found <strong>%(num_results)s</strong> results.\n                ",
        "num_results",
    ),
    gettext_noop('\n        Products matching "%(q)s"\n    '),
]
