"""django-plans, with its own models, without e-mails: those are left out on our side too."""

from benchmarks.peers.settings_small import *

INSTALLED_APPS += ["ordered_model", "sequences", "plans"]
SEND_PLANS_EMAILS = False
PLANS_SEND_EMAILS_DISABLED_INVOICE_TYPES = [1, 2, 3]
PLANS_CURRENCY = "EUR"
PLANS_TAX = 20
PLANS_TAXATION_POLICY = "plans.taxation.TaxationPolicy"
PLANS_DEFAULT_COUNTRY = "FR"
PLANS_INVOICE_ISSUER = {
    "issuer_name": "The shop",
    "issuer_street": "10 rue de la République",
    "issuer_zipcode": "75011",
    "issuer_city": "Paris",
    "issuer_country": "FR",
    "issuer_tax_number": "FR00",
}
