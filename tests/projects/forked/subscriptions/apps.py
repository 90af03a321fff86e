from oscar_subscriptions import apps


class SubscriptionsConfig(apps.SubscriptionsConfig):
    name = "tests.projects.forked.subscriptions"
