"""What the hosted pages say, in English and in French.

French wants a no-break space before « : ; ! ? » and inside the quotation marks; it is written
``~`` here, where it can be seen, and replaced below.
"""

TEXTS = {
    "en": {
        "title": "Payment",
        "demo": "Demonstration page: no money moves.",
        "demo_more": "Only test cards work here; never type a real one.",
        "summary": "Your order",
        "total": "Total",
        "for": "Order at",
        "method": "How would you like to pay?",
        "card": "Card",
        "sepa_debit": "Bank debit (slow)",
        "contact": "Your details",
        "email": "E-mail",
        "name": "Name on the card (optional)",
        "number": "Card number",
        "exp": "Expiry (MM/YY)",
        "cvc": "Security code",
        "debit_help": "The order is confirmed at once, the payment some seconds later.",
        "debit_outcome": "What will the bank answer?",
        "succeed": "The debit succeeds",
        "fail": "The debit fails",
        "pay": "Pay {amount}",
        "cancel": "Cancel and return to the shop",
        "cards": "Test cards",
        "cards_help": "Any expiry date in the future, any three digits as security code.",
        "use": "Use",
        "errors": "The payment did not go through",
        "email_invalid": "Type an e-mail address.",
        "number_missing": "Type a card number.",
        "number_invalid": "This card number is not valid.",
        "exp_invalid": "Type the expiry as MM/YY.",
        "exp_past": "This date has passed.",
        "cvc_invalid": "Type the three digits on the back (four on American Express).",
        "method_invalid": "Choose how to pay.",
        "generic_decline": "Your card was declined. Try another one.",
        "insufficient_funds": "Your card has insufficient funds. Try another one.",
        "expired_card": "Your card has expired. Try another one.",
        "incorrect_cvc": "The security code is incorrect.",
        "processing_error": "The bank could not process the payment. Try again in a moment.",
        "test_mode_live_card": "Only test cards work here. Never type a real card on this page.",
        "authentication": "Your bank could not confirm the payment. Try again or use another card.",
        "bank_title": "Your bank asks",
        "bank_question": "Do you confirm this payment of {amount}?",
        "bank_help": "A real bank would ask for a code or for its application (3-D Secure).",
        "confirm": "Confirm the payment",
        "refuse": "Refuse",
        "complete_title": "This payment is done",
        "complete": "There is nothing left to do on this page.",
        "expired_title": "This page has expired",
        "expired": "Nothing was charged. Return to the shop to try again.",
        "missing_title": "Page not found",
        "missing": "There is no payment at this address.",
        "back": "Return to the shop",
        "receipt_title": "Receipt",
        "receipt_paid": "Paid on {date} with {method}",
        "receipt_refunded": "Refunded: {amount}",
        "debit_short": "a bank debit",
        "card_short": "a card ending in {last4}",
        "card_ok": "accepted",
        "card_authenticate": "the bank asks first (3-D Secure)",
        "card_generic_decline": "declined",
        "card_insufficient_funds": "insufficient funds",
        "card_expired_card": "expired",
        "card_incorrect_cvc": "wrong security code",
        "card_processing_error": "processing error",
        "card_dispute": "accepted, then disputed",
        "card_declined_later": "accepted now, declined at the next renewal",
    },
    "fr": {
        "title": "Paiement",
        "demo": "Page de démonstration~: aucun argent ne circule.",
        "demo_more": "Seules les cartes de test fonctionnent ici~; ne saisissez jamais "
        "une vraie carte.",
        "summary": "Votre commande",
        "total": "Total",
        "for": "Commande chez",
        "method": "Comment souhaitez-vous payer~?",
        "card": "Carte bancaire",
        "sepa_debit": "Prélèvement bancaire (lent)",
        "contact": "Vos coordonnées",
        "email": "Adresse e-mail",
        "name": "Nom figurant sur la carte (facultatif)",
        "number": "Numéro de carte",
        "exp": "Expiration (MM/AA)",
        "cvc": "Cryptogramme",
        "debit_help": "La commande est confirmée aussitôt, le paiement quelques secondes "
        "plus tard.",
        "debit_outcome": "Que répondra la banque~?",
        "succeed": "Le prélèvement réussit",
        "fail": "Le prélèvement échoue",
        "pay": "Payer {amount}",
        "cancel": "Annuler et revenir à la boutique",
        "cards": "Cartes de test",
        "cards_help": "N’importe quelle date d’expiration future, n’importe quels trois chiffres "
        "comme cryptogramme.",
        "use": "Utiliser",
        "errors": "Le paiement n’a pas abouti",
        "email_invalid": "Indiquez une adresse e-mail.",
        "number_missing": "Indiquez un numéro de carte.",
        "number_invalid": "Ce numéro de carte n’est pas valide.",
        "exp_invalid": "Indiquez l’expiration sous la forme MM/AA.",
        "exp_past": "Cette date est passée.",
        "cvc_invalid": "Indiquez les trois chiffres au dos de la carte (quatre pour "
        "American Express).",
        "method_invalid": "Choisissez un moyen de paiement.",
        "generic_decline": "Votre carte a été refusée. Essayez-en une autre.",
        "insufficient_funds": "La provision de votre carte est insuffisante. Essayez-en une autre.",
        "expired_card": "Votre carte a expiré. Essayez-en une autre.",
        "incorrect_cvc": "Le cryptogramme est incorrect.",
        "processing_error": "La banque n’a pas pu traiter le paiement. Réessayez dans un instant.",
        "test_mode_live_card": "Seules les cartes de test fonctionnent ici. Ne saisissez jamais "
        "une vraie carte sur cette page.",
        "authentication": "Votre banque n’a pas pu confirmer le paiement. Réessayez ou utilisez "
        "une autre carte.",
        "bank_title": "Votre banque vous interroge",
        "bank_question": "Confirmez-vous ce paiement de {amount}~?",
        "bank_help": "Une vraie banque demanderait un code ou passerait par son application "
        "(3-D Secure).",
        "confirm": "Confirmer le paiement",
        "refuse": "Refuser",
        "complete_title": "Ce paiement est terminé",
        "complete": "Il n’y a plus rien à faire sur cette page.",
        "expired_title": "Cette page a expiré",
        "expired": "Rien n’a été débité. Revenez à la boutique pour réessayer.",
        "missing_title": "Page introuvable",
        "missing": "Il n’y a pas de paiement à cette adresse.",
        "back": "Revenir à la boutique",
        "receipt_title": "Reçu",
        "receipt_paid": "Payé le {date} par {method}",
        "receipt_refunded": "Remboursé~: {amount}",
        "debit_short": "prélèvement bancaire",
        "card_short": "carte se terminant par {last4}",
        "card_ok": "acceptée",
        "card_authenticate": "la banque interroge d’abord (3-D Secure)",
        "card_generic_decline": "refusée",
        "card_insufficient_funds": "provision insuffisante",
        "card_expired_card": "expirée",
        "card_incorrect_cvc": "cryptogramme incorrect",
        "card_processing_error": "erreur de traitement",
        "card_dispute": "acceptée, puis contestée",
        "card_declined_later": "acceptée maintenant, refusée au prochain renouvellement",
    },
}
TEXTS["fr"] = {key: text.replace("~", "\u00a0") for key, text in TEXTS["fr"].items()}


def language(locale, accepted):
    """``"fr"`` or ``"en"`` for a session's ``locale`` and a browser's ``Accept-Language``."""
    if locale not in (None, "auto"):
        return "fr" if locale.startswith("fr") else "en"
    weighed = []
    for place, choice in enumerate((accepted or "").split(",")):
        tag, _, weight = choice.strip().partition(";q=")
        try:
            weighed.append((-float(weight or 1), place, tag[:2].lower()))
        except ValueError:
            continue
    return next((tag for _, _, tag in sorted(weighed) if tag in TEXTS), "en")
