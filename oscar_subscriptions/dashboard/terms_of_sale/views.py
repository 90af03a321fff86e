"""The pages of the terms of sale: versions, a new version, its consents. None is ever edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import OuterRef
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import generic

from oscar_subscriptions.dashboard.pagination import LIMIT, BoundedCount, BoundedPaginator, in_words
from oscar_subscriptions.loading import get_class, registered

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oscar_subscriptions.protocols import TermsOfSale
    from oscar_subscriptions.querysets import TermsOfSaleQuerySet

    _DetailView = generic.DetailView[TermsOfSale]
else:
    _DetailView = generic.DetailView


class TermsOfSaleForm(forms.Form):
    """A new version in one language."""

    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)
    version = forms.CharField(
        label=_("Version"),
        max_length=64,
        help_text=_("The same for each language, such as 2027-1."),
    )
    text = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 20}),
        help_text=_("Plain text; an empty line begins a paragraph."),
    )

    def clean(self) -> dict[str, object]:
        """Refuse a version that is published already: members may have accepted it."""
        data = self.cleaned_data
        key = {name: data.get(name) for name in ("language", "version")}
        if registered.TermsOfSale.objects.filter(**key).exists():
            self.add_error("version", version_taken())
        return data


class TermsOfSaleListView(generic.ListView):
    """All versions, the newest first, each with ``acceptances``, how often it was accepted."""

    template_name = "oscar/dashboard/subscriptions/terms_of_sale_list.html"
    context_object_name = "versions"

    def get_queryset(self) -> TermsOfSaleQuerySet:
        consents = registered.Consent.objects.filter(terms_of_sale=OuterRef("pk"))
        rows = registered.TermsOfSale.objects.annotate(acceptances=BoundedCount(consents, LIMIT))
        return rows.order_by("-published_at", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, object]:
        context = super().get_context_data(**kwargs)
        seen: set[str] = set()
        for row in context["versions"]:
            row.language_name = language_name(row.language)
            row.acceptances_in_words = in_words(row.acceptances, LIMIT)
            row.is_current = row.language not in seen
            seen.add(row.language)
        newest = context["versions"][0] if context["versions"] else None
        return context | {"newest": newest, "lacking": lacking(context["versions"], newest)}


class TermsOfSaleCreateView(generic.FormView):
    """Publish a new version in one language."""

    template_name = "oscar/dashboard/subscriptions/terms_of_sale_form.html"
    success_url = reverse_lazy("subscriptions-dashboard:terms-of-sale-list")

    def get_form_class(self) -> type[TermsOfSaleForm]:
        return get_class("dashboard.terms_of_sale.views", "TermsOfSaleForm")

    def get_initial(self) -> dict[str, object]:
        # The list links here with the language and version that are missing.
        return {name: self.request.GET.get(name) for name in ("language", "version")}

    def form_valid(self, form: TermsOfSaleForm) -> HttpResponse:
        try:
            with transaction.atomic():
                registered.TermsOfSale.objects.create(**form.cleaned_data)
        except IntegrityError:  # another operator was faster
            form.add_error("version", version_taken())
            return self.form_invalid(form)
        messages.success(
            self.request,
            gettext("Version %(version)s is published. Members accept it from now on.")
            % {"version": form.cleaned_data["version"]},
        )
        return super().form_valid(form)


class TermsOfSaleDetailView(_DetailView):
    """One version and its consents."""

    template_name = "oscar/dashboard/subscriptions/terms_of_sale_detail.html"
    context_object_name = "terms_of_sale"
    paginate_by = 50

    def get_queryset(self) -> TermsOfSaleQuerySet:
        return registered.TermsOfSale.objects.all()

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        consents = self.object.consents.select_related("order__user", "plan__product")
        paginator = BoundedPaginator(consents.order_by("-accepted_at", "-pk"), self.paginate_by)
        return super().get_context_data(
            paginator=paginator,
            page_obj=paginator.get_page(self.request.GET.get("page")),
            language_name=language_name(self.object.language),
            **kwargs,
        )


def language_name(code: str) -> str:
    """Return the name of a language by the shop's settings; for an unknown one, ``code``."""
    return str(dict(settings.LANGUAGES).get(code, code))


def lacking(rows: Iterable[TermsOfSale], newest: TermsOfSale | None) -> list[tuple[str, str]]:
    """Return code and name of the shop's languages in which ``rows`` lack the newest version.

    A text in the base language ("fr" for "fr-ca") suffices.
    """
    if newest is None:
        return []
    there = {row.language for row in rows if row.version == newest.version}
    return [
        (code, str(name))
        for code, name in settings.LANGUAGES
        if not there.intersection({code, code.split("-")[0]})
    ]


def version_taken() -> str:
    """Return the message for a version that is published: such texts are evidence."""
    return gettext(
        "This version is published in this language already. Members may have accepted it, so it "
        "can’t be changed: please give a new version."
    )
