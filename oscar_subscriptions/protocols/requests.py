"""Requests with what Oscar's middleware adds, and what its checkout is about to order."""

from typing import TypedDict

from django.contrib.auth.models import User
from django.http import HttpRequest

from oscar_subscriptions.protocols.oscar import Basket, Price, Strategy


class Request(HttpRequest):
    """A request with what Oscar's basket middleware adds."""

    basket: Basket
    strategy: Strategy


class StaffRequest(HttpRequest):
    """A request to a page that only staff may open, with what Oscar's middleware adds."""

    user: User
    strategy: Strategy


class Submission(TypedDict):
    """What Oscar's checkout is about to order, as far as it is used. Without a shipping method the
    other values are ``None``."""

    order_total: Price
    shipping_method: object
    shipping_charge: object
    surcharges: object
