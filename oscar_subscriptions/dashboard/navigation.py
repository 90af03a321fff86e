"""The entry in the dashboard's navigation. Imported by a shop's settings: no models here.

::

    OSCAR_DASHBOARD_NAVIGATION += [NAVIGATION]

Oscar asks the permissions of each page, so that partner users, who may open none of them, see
no entry either.
"""

from django.utils.translation import gettext_lazy as _

NAVIGATION: dict[str, object] = {
    "label": _("Subscriptions"),
    "icon": "fas fa-id-card",
    "children": [
        {"label": _("Plans"), "url_name": "subscriptions-dashboard:plan-list"},
        {"label": _("Subscriptions"), "url_name": "subscriptions-dashboard:subscription-list"},
        {"label": _("Sell for a member"), "url_name": "subscriptions-dashboard:subscription-sell"},
        {"label": _("Alerts"), "url_name": "subscriptions-dashboard:alert-list"},
        {"label": _("Terms of sale"), "url_name": "subscriptions-dashboard:terms-of-sale-list"},
    ],
}
