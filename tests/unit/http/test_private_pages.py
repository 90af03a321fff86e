"""Pages are kept out of caches by their addresses."""

from django.http import HttpResponse
from django.urls import path

from oscar_subscriptions.http.private_pages import PrivatePagesMixin


class Config:
    """As Oscar's: a decorator for one address, none for others."""

    def get_url_decorator(self, pattern):
        if pattern.name != "guarded":
            return None
        return lambda view: lambda request: HttpResponse("guard: " + view(request).content.decode())


class OurConfig(PrivatePagesMixin, Config):
    public_names = frozenset({"public"})


def view(request):
    return HttpResponse("page")


def answer(name, rf):
    decorator = OurConfig().get_url_decorator(path("", view, name=name))
    return (decorator or (lambda view: view))(view)(rf.get("/"))


def test_page_is_not_stored(rf):
    assert "no-store" in answer("private", rf).headers["Cache-Control"]


def test_guard_of_oscar_stays_and_what_it_answers_is_not_stored_either(rf):
    response = answer("guarded", rf)
    assert response.content == b"guard: page"
    assert "no-store" in response.headers["Cache-Control"]


def test_public_page_may_be_stored(rf):
    assert "Cache-Control" not in answer("public", rf).headers
