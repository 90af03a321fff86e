"""What the shop knows of a member, for that member to keep."""

import json

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views import generic
from django.views.decorators.cache import never_cache

from oscar_subscriptions import privacy


@method_decorator(never_cache, name="dispatch")
class MyDataView(LoginRequiredMixin, generic.View):
    """Downloads it as JSON. There is no way to ask for somebody else's."""

    login_url = reverse_lazy("customer:login")

    def get(self, request: HttpRequest) -> HttpResponse:
        text = json.dumps(privacy.export(request.user), ensure_ascii=False, indent=2)
        response = HttpResponse(text, content_type="application/json; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return response
