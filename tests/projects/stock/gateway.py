from oscar_subscriptions.gateway import Gateway


class ByInvoice(Gateway):
    """Another way to collect money: staff send an invoice and mark the order as paid."""

    def begin(self, order):
        pass

    def pay_url(self, order):
        return "/"
