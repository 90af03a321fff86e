from tests.settings import *

INSTALLED_APPS = [
    "tests.projects.forked.subscriptions.apps.SubscriptionsConfig"
    if app == "oscar_subscriptions.apps.SubscriptionsConfig"
    else app
    for app in INSTALLED_APPS
]
