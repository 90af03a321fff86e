"""The member's copy of everything that the shop knows of them."""

import json

from django.http import HttpRequest, HttpResponse
from django.views import generic

from oscar_subscriptions import privacy
from oscar_subscriptions.members.views.mixins import MemberRequiredMixin


class MyDataView(MemberRequiredMixin, generic.View):
    """Downloads it as JSON: always that of the member who is signed in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        text = json.dumps(privacy.export(self.member), ensure_ascii=False, indent=2)
        response = HttpResponse(text, content_type="application/json; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return response
