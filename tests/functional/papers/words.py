"""What the shop says about money, and when it may: each sentence with the facts under which it is
true, and each page with the sentences that stand on it.

A fact is what the shop *knows* at that moment about the money of one order:

========== =======================================================================================
nothing    nothing was charged: the provider has just said so, or can't have been paid
unheard    the provider may hold a payment of which the shop has not heard
under-way  the member is done, the bank has not answered
received   the money has arrived
back       it has gone back, or is on its way
========== =======================================================================================
"""

from typing import NamedTuple

MONEY = {"nothing", "unheard", "under-way", "received", "back"}
TERMS = {"none", "valid", "suspended", "revoked"}
OPEN = {"nothing", "unheard", "under-way"}


class Claim(NamedTuple):
    """A sentence about money.

    Attributes:
        text: its ``msgid``.
        money: the facts under which it may be said.
        terms: what may have become of the order's term then.
    """

    text: str
    money: set[str]
    terms: set[str] = TERMS


CLAIMS = {
    # The pages of one order.
    "nothing-charged": Claim(
        "This order is not paid yet. Nothing has been charged.", {"nothing"}, {"none"}
    ),
    "not-heard": Claim(
        "We have not heard of a payment of this order yet. If you have paid, we write to you as "
        "soon as we know.",
        {"unheard", "under-way"},
        {"none"},
    ),
    "bank-is-silent": Claim(
        "Your bank has not confirmed the payment yet.", {"under-way"}, {"none"}
    ),
    "provider-has-not-told": Claim(
        "Our payment provider has not told us yet whether this order is paid.",
        {"unheard", "under-way"},
        {"none"},
    ),
    "provider-is-silent": Claim(
        "Our payment provider does not answer at the moment, so we can’t tell whether this order "
        "is paid. It is kept. Please try again in a few minutes; if you have paid already, we "
        "write to you as soon as we know.",
        OPEN,
        {"none"},
    ),
    "wait": Claim(
        "Most confirmations take seconds, a bank transfer or debit can take days. You don’t need "
        "to wait on this page: we write to you as soon as the payment has arrived. Please don’t "
        "pay again.",
        {"unheard", "under-way"},
        {"none"},
    ),
    "not-accepted-nothing-charged": Claim(
        "Our payment provider does not accept this order. Nothing has been charged.",
        {"nothing"},
        {"none"},
    ),
    "not-accepted": Claim(
        "Our payment provider does not accept this order.", {"unheard", "under-way"}, {"none"}
    ),
    "not-now": Claim("This order can’t be paid at the moment. It is kept.", {"nothing"}, {"none"}),
    "not-assigned": Claim(
        "We have received a payment that we could not assign.", {"received"}, {"none"}
    ),
    "not-confirmed": Claim(
        "The payment of this order could not be confirmed.", {"unheard"}, {"none"}
    ),
    "pay-no-more": Claim(
        "Please don’t pay again.", {"received", "unheard", "under-way"}, {"none"}
    ),
    "returned": Claim(
        "The payment of this order has been returned, or is on its way back.", {"back"}, {"none"}
    ),
    "cancelled": Claim(
        "This order is cancelled. Nothing will be charged for it.", {"nothing"}, {"none"}
    ),
    "arrived": Claim(
        "Your payment has arrived. “%(plan)s” runs from %(start)s to %(end)s inclusive.",
        {"received"},
        {"valid"},
    ),
    "withdrawn": Claim(
        "“%(plan)s”, %(start)s to %(end)s, was withdrawn on %(day)s: these days no longer count.",
        MONEY,
        {"revoked"},
    ),
    "suspended": Claim(
        "“%(plan)s”, %(start)s to %(end)s, is suspended for the time being. It keeps its dates, "
        "and can’t be renewed meanwhile.",
        MONEY,
        {"suspended"},
    ),
    "total-paid": Claim("Total paid", {"received", "back"}, TERMS - {"none"}),
    # The page of the subscription.
    "no-term": Claim(
        'No term has begun. You will find the order in your <a href="%(orders_url)s">order '
        "history</a>.",
        MONEY,
        {"none"},
    ),
    "disputed": Claim(
        "The payment of your subscription is being disputed. Please contact us; once that is "
        "settled you can go on as before.",
        {"received", "back"},
        {"suspended"},
    ),
    # Mails about one order.
    "payment-not-received": Claim(
        "We have not received the payment of your order %(number)s (%(total)s) yet.",
        OPEN,
        {"none"},
    ),
    "payment-not-received-subject": Claim(
        "We have not received the payment of your order %(number)s yet", OPEN, {"none"}
    ),
    "payment-not-received-heading": Claim(
        "We have not received your payment yet", OPEN, {"none"}
    ),
    "not-paid-in-time": Claim(
        "Your order %(number)s (%(total)s) was not paid in time, so we have cancelled it. It can "
        "no longer be paid.",
        {"nothing"},
        {"none"},
    ),
    "arrived-mail": Claim(
        "Your payment has arrived, and your order %(number)s is confirmed.",
        {"received", "back"},
        TERMS - {"none"},
    ),
    # Operators: alerts and the page of the subscription.
    "gives-nothing": Claim(
        "Order %(order)s is paid but gives no subscription", {"received"}, {"none"}
    ),
    "does-not-match": Claim(
        "The payment of order %(order)s does not match", {"received", "unheard"}, {"none"}
    ),
    "second-payment": Claim("Order %(order)s was paid a second time", {"received"}),
    "money-back": Claim(
        "Money of order %(order)s was given or taken back", {"received", "back"}
    ),
    "evidence-due": Claim(
        "The payment of order %(order)s is disputed: answer by %(day)s", {"received", "back"}
    ),
    "cannot-be-paid": Claim("Order %(order)s can't be paid", OPEN, {"none"}),
    "journal-refused": Claim("Paid, but no term given", {"received", "unheard", "back"}),
    "bank-took-it": Claim("The bank has taken the money.", {"back"}),
    # Automatic renewal: the facts are those of its charge.
    "next-payment": Claim("Next payment: %(price)s incl. tax, from %(day)s on.", {"nothing"}),
    "charging": Claim(
        "A payment of %(price)s incl. tax is under way; we have not heard yet whether it was made.",
        {"unheard", "under-way"},
    ),
    "paused": Claim(
        "The shop does not renew automatically at the moment: nothing is charged. It may begin "
        "again, and will then announce it to you.",
        {"nothing"},
    ),
    "off": Claim(
        "Automatic renewal is off. Nothing will be charged automatically.", {"nothing"}
    ),
    "off-until": Claim(
        "Automatic renewal is off. Nothing will be charged automatically; your subscription runs "
        "until %(day)s inclusive.",
        {"nothing"},
    ),
    "off-charged": Claim(
        "Automatic renewal is off. A renewal had been charged before you switched it off; it "
        "stands.",
        {"received"},
    ),
    "off-charged-desk": Claim(
        "Automatic renewal is off. A renewal had been charged before; it stands.", {"received"}
    ),
    "off-unheard": Claim(
        "Automatic renewal is off. A payment was just under way, and our payment provider has not "
        "told us yet whether it was charged. You need not do anything: if it was, you get an "
        "e-mail, and we get in touch with you.",
        {"unheard", "under-way"},
    ),
    "off-unheard-desk": Claim(
        "Automatic renewal is off. A payment was just under way, and the provider has not told "
        "yet whether it was charged; if it was, you get an alert.",
        {"unheard", "under-way"},
    ),
    "charge-refused": Claim(
        "The renewal of your subscription “%(plan)s” (%(price)s incl. tax) could not be paid: "
        "your bank refused the payment, or wants to ask you first.",
        {"nothing"},
    ),
    "charge-refused-subject": Claim("Your renewal could not be paid", {"nothing"}),
    "charge-refused-next": Claim(
        "Your subscription runs until %(end)s. We will try again within the next days. You can "
        "also pay now, with the same card or another one: it is not charged twice.",
        {"nothing"},
    ),
    "terms-changed": Claim(
        "The price or the conditions of “%(plan)s” have changed since we announced your renewal, "
        "too late to announce it anew. Nothing is charged, and automatic renewal is off.",
        {"nothing"},
    ),
    "plan-changed": Claim(
        "You have changed to another plan. “%(plan)s” is no longer renewed automatically, and "
        "nothing more is charged for it.",
        {"nothing", "received"},
    ),
    "charged-unwanted": Claim(
        "Order %(order)s was charged while automatic renewal was being switched off", {"received"}
    ),
    "charge-given-up": Claim(
        "The renewal of your subscription “%(plan)s” (%(price)s incl. tax) could not be paid, and "
        "we will not try again. Automatic renewal is off.",
        {"nothing"},
    ),
}  # fmt: skip

# For each state of an order's payment: whether the provider answers, the facts that the shop knows
# at that door, and what it says there. "to-provider": the browser leaves for the provider's page.
PAGES = """
    no_page page_open expired expired_unheard | answers | nothing none | pay | to-provider
    no_page not_accepted | any | nothing none | return cancel-return history | nothing-charged
    no_page expired | any | nothing none | order-cancel member-space alerts operator | -
    no_page expired cancelled off_sale not_accepted | any | nothing none | my-subscription | no-term
    no_page expired off_sale not_accepted | any | nothing none | mails | payment-not-received payment-not-received-heading payment-not-received-subject
    no_page expired | silent | nothing none | pay | provider-is-silent
    page_open expired expired_unheard off_sale_open | answers | nothing none | return cancel-return | nothing-charged
    page_open expired_unheard off_sale_open | answers | nothing none | order-cancel | -
    page_open paid_unheard debit_unheard expired_unheard | any | unheard none | history | not-heard
    page_open paid_unheard debit_unheard nothing_collected expired_unheard off_sale_open not_accepted_due | any | unheard none | my-subscription | no-term
    page_open paid_unheard debit_unheard expired_unheard | any | unheard none | member-space alerts operator | -
    page_open paid_unheard debit_unheard expired_unheard off_sale_open not_accepted_due | any | unheard none | mails | payment-not-received payment-not-received-heading payment-not-received-subject
    page_open paid_unheard debit_unheard expired_unheard off_sale_open | silent | unheard none | pay cancel-return order-cancel | provider-is-silent
    page_open paid_unheard debit_unheard expired_unheard off_sale_open | silent | unheard none | return | provider-has-not-told wait
    paid_unheard | answers | received valid | pay return cancel-return order-cancel | arrived total-paid
    debit_unheard debit off_sale_debit | answers | under-way none | pay return cancel-return order-cancel | bank-is-silent wait
    debit | any | under-way none | history | not-heard
    debit off_sale_debit | any | under-way none | my-subscription | no-term
    debit | any | under-way none | member-space alerts operator | -
    debit off_sale_debit | any | under-way none | mails | payment-not-received payment-not-received-heading payment-not-received-subject
    debit off_sale_debit | silent | under-way none | pay cancel-return order-cancel | provider-is-silent
    debit off_sale_debit | silent | under-way none | return | provider-has-not-told wait
    paid paid_twice refunded_in_part | any | received valid | pay return cancel-return order-cancel | arrived total-paid
    paid | any | received valid | history my-subscription member-space alerts operator | -
    paid paid_twice refunded_in_part | any | received valid | mails | arrived-mail total-paid
    order_refused mismatch | any | received none | pay return cancel-return order-cancel | not-assigned pay-no-more
    order_refused mismatch | any | received none | history member-space mails | -
    order_refused mismatch | any | received none | my-subscription | no-term
    order_refused | any | received none | alerts | gives-nothing
    order_refused | any | received none | operator | gives-nothing journal-refused
    mismatch | any | received none | alerts | does-not-match
    mismatch | any | received none | operator | does-not-match journal-refused
    nothing_collected | any | unheard none | pay return cancel-return order-cancel | not-confirmed pay-no-more
    nothing_collected | any | unheard none | history member-space mails | -
    nothing_collected | any | unheard none | alerts | does-not-match
    nothing_collected | any | unheard none | operator | does-not-match journal-refused
    expired | any | nothing none | history | nothing-charged
    expired | silent | unheard none | return cancel-return | not-heard
    cancelled | any | nothing none | pay return cancel-return | cancelled
    cancelled off_sale | any | nothing none | order-cancel history member-space alerts operator | -
    cancelled | any | nothing none | mails | not-paid-in-time
    off_sale | any | nothing none | pay | not-now
    off_sale | any | nothing none | return cancel-return | nothing-charged
    off_sale_open | answers | nothing none | pay | not-now
    off_sale_open | any | unheard none | history member-space alerts operator | -
    off_sale_debit | any | under-way none | history member-space alerts operator | -
    not_accepted | any | nothing none | pay | not-accepted-nothing-charged
    not_accepted | any | nothing none | order-cancel member-space | -
    not_accepted | any | nothing none | alerts operator | cannot-be-paid
    not_accepted_due | any | unheard none | pay | not-accepted
    not_accepted_due | any | unheard none | return cancel-return history | not-heard
    not_accepted_due | any | unheard none | order-cancel member-space | -
    not_accepted_due | any | unheard none | alerts operator | cannot-be-paid
    paid_twice refunded_in_part | any | received valid | history my-subscription member-space | -
    paid_twice | any | received valid | alerts | second-payment
    paid_twice | any | received valid | operator | journal-refused second-payment
    refunded | any | back revoked | pay return cancel-return order-cancel | total-paid withdrawn
    refunded | any | back revoked | history my-subscription member-space alerts operator | -
    refunded | any | back revoked | mails | arrived-mail total-paid
    refunded_in_part | any | received valid | alerts operator | money-back
    refused_and_refunded | any | back none | pay return cancel-return order-cancel | returned
    refused_and_refunded | any | back none | history member-space alerts mails | -
    refused_and_refunded | any | back none | my-subscription | no-term
    refused_and_refunded | any | back none | operator | journal-refused
    disputed | any | back suspended | pay return cancel-return order-cancel | suspended total-paid
    disputed | any | back suspended | history my-subscription | -
    disputed | any | back suspended | member-space | disputed
    disputed | any | back suspended | alerts | evidence-due
    disputed | any | back suspended | operator | bank-took-it evidence-due
    disputed | any | back suspended | mails | arrived-mail total-paid
"""  # noqa: E501

# The same for the charge of an automatic renewal, after a first term that is paid. Doors: the page
# of the subscription; the mails about the renewal; the answer to switching it off, by the member
# and by an operator; the mail of the switch; and the alerts after the next run.
RENEWALS = """
    announced refused | any | nothing valid | page | next-payment
    announced paused | any | nothing valid | mails alerts | -
    announced refused paid paused | any | nothing valid | off | off-until
    announced refused paid paused | any | nothing valid | stop | off
    announced paused | any | nothing valid | mail | plan-changed terms-changed
    cut charged_unheard paused_while_charging | any | unheard valid | page | charging
    cut charged_unheard paused_while_charging | any | unheard valid | mails | -
    cut paused_while_charging | answers | nothing valid | off | off-until
    cut charged_unheard paused_while_charging | silent | unheard valid | off | off-unheard
    cut paused_while_charging | answers | nothing valid | stop | off
    cut charged_unheard paused_while_charging | silent | unheard valid | stop | off-unheard-desk
    cut paused_while_charging | answers | nothing valid | mail | charge-given-up plan-changed
    cut charged_unheard paused_while_charging | silent | unheard valid | mail | -
    cut refused paused_while_charging | any | nothing valid | alerts | -
    charged_unheard | answers | received valid | off | off-charged
    charged_unheard | answers | received valid | stop | off-charged-desk
    charged_unheard | answers | received valid | mail | plan-changed
    charged_unheard | answers | received valid | alerts | -
    charged_unheard | silent | received valid | alerts | charged-unwanted
    refused | any | nothing valid | mails | charge-refused charge-refused-next charge-refused-subject
    refused | any | nothing valid | mail | charge-given-up plan-changed
    paid | any | nothing valid | page mails alerts | -
    paid | any | nothing valid | mail | plan-changed
    paused | any | nothing valid | page | paused
"""  # noqa: E501

# Texts that name money and claim nothing about one payment: labels, conditions, advice; and titles
# of alerts whose cause is an operator's own doing.
OTHERS = set(
    """
    %(first)s to %(last)s: %(status)s, %(paid)s
    The days are revoked, unless they are over, or days that the member has paid for follow them.
    %(name)s, %(received)s, of which %(left)s are left
    A colleague was faster, or an earlier try has succeeded after all. Please look at what was refunded before you refund more.
    It gives nothing. Refund whatever has arrived.
    Its subscription still counts. Which of the two was meant? If it was a mistake, show the order as paid again; if not, revoke the term and refund the payment.
    Nothing is charged automatically any more, and the stored payment method is deleted if nothing else needs it. Only the member can choose automatic renewal again.
    Nothing of this order can be refunded here.
    Order shown as paid again
    Show as paid again
    The money goes back to the card or account that it came from, which can’t be undone. What becomes of the term is what the shop’s settings say of refunds; the preview shows it.
    The order is paid, and somebody set it to cancelled. If that was a mistake, its status is set back. If not, revoke its term and refund the payment instead.
    The order is shown as paid.
    The payment has changed since the preview, and nothing went back now.
    The provider does not answer, so it is not known whether the money went back. Try again: the same amount is not refunded twice.
    The term no longer counts, and its days are free. No money goes back: that is a refund. It can be restored as long as nobody else has its days.
    This amount can’t be refunded exactly.
    What is left, from today on, goes to another account; both members are told, and by whom. Services stay with their seller. Receipts keep the name of who paid. It can be taken back as long as nothing follows the receiver’s days.
    Who received the days loses them, and the terms that were handed over count again here, with their original days. Both members are told.
    %(price)s incl. tax, charged from %(day)s: %(status)s
    %(refunded)s of %(received)s refunded.
    Expected: %(expected)s; arrived: %(received)s (%(payment)s).
    A payment of order %(number)s is disputed.
    Automatic renewal not paid
    Being charged
    Charged from
    The dispute was answered, or is over.
    The subscription goes into your basket. Nothing is ordered or paid yet.
    Each price is for the whole term. It does not depend on the number of days, and it is not refunded during use.
    If you have paid by bank transfer, you need not do anything: the transfer may still be on its way. Please tell us if it takes longer.
    If you have paid it in another way, by bank transfer for instance, please contact us: your payment is not lost.
    In %(currency)s, without tax. What members pay is shown once it is saved.
    It can be paid until %(day)s; after that we cancel it.
    Members pay today:
    Money is gone
    No VAT was charged.
    Note: %(amount)s of this payment was refunded on %(day)s.
    Nothing is renewed or charged by itself.
    Order %(order)s is paid and has no receipt
    Order %(order)s is paid, and was cancelled in the dashboard
    Order %(order)s, a change of plan, is no longer paid: what was given up for it is gone
    Paid
    Paid on
    Paid once: nothing is renewed or charged by itself
    Paid once: nothing is renewed or charged by itself, unless you choose so
    Paid or granted
    Received in minor units
    Send the evidence in the provider's dashboard by then. Without an answer the dispute is lost, and the money with it.
    Subscription: automatic renewal not paid
    Subscription: order not paid yet
    The money has gone back.
    The order can no longer be paid.
    The order is too old to be paid. Please order again.
    The order was paid a second time.
    The payment of order %(order)s stands again after an operator had decided about it
    The payment of order %(order)s stands again, the subscription does not
    The price has changed since you paid last: it was %(old)s, now it is %(new)s incl. tax.
    The price has changed: you paid %(amount)s last time.
    The price is for the whole term of %(months)s month. It does not depend on the number of days, and it is not refunded during use.
    The price is for the whole year. It does not depend on the number of days, and it is not refunded during use.
    This total can't be charged exactly in its currency. Please contact us.
    What order %(order)s paid for was credited, and its money has gone back
    What order %(order)s paid for was handed over, and its money has gone back
    What was paid for
    Whether the provider has taken the money from the shop and not given it back.
    With tax, members would pay %(price)s %(currency)s: an amount that can’t be charged exactly in this currency.
    deleted by the member; what was paid stays known
    find out who called it paid; revoke the term if nobody did
    it was paid, and no order of this shop knows it
    received: %(amount)s
    the order is paid and has given no term
    the order is paid and has no receipt
    """.strip().split("\n    ")  # noqa: E501
)


def table(text: str) -> dict[tuple[str, str, str], tuple[str, str, set[str]]]:
    """Return the rows of ``text``: (state, provider, door) -> (money, term, names of claims)."""
    found = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        states, provider, facts, doors, claims = (part.split() for part in line.split(" | "))
        says = set() if claims == ["-"] else set(claims)
        for state in states:
            for one in ("answers", "silent") if provider == ["any"] else provider:
                for door in doors:
                    assert (state, one, door) not in found, line
                    found[state, one, door] = (facts[0], facts[1], says)
    return found
