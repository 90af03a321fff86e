"""What may be wrong with any page, whatever it is about."""

import re
from typing import Any
from urllib.parse import urlsplit

# Everything that can be read or heard, closed menus included; what is marked as another language
# is not asked about.
FACTS = """() => {
  const root = document.documentElement;
  const foreign = (element) => {
    const marked = element.closest('[lang]');
    return marked !== null && marked !== root && marked.lang !== root.lang;
  };
  // Oscar's dashboard names its menu buttons in English; a shop could only copy its whole bars.
  const fixed = '.navbar-accounts > .navbar-toggler, .navbar-primary > .navbar-toggler';
  const texts = [document.title];
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
    const parent = node.parentElement;
    if (!parent.closest('script, style, noscript, template, textarea') && !foreign(parent)) {
      texts.push(node.data);
    }
  }
  for (const element of document.querySelectorAll('body *')) {
    if (foreign(element) || element.matches(fixed)) continue;
    for (const name of ['placeholder', 'title', 'aria-label', 'alt', 'data-loading-text']) {
      if (element.hasAttribute(name)) texts.push(element.getAttribute(name));
    }
    if (element.matches('input[type=submit], input[type=button]')) texts.push(element.value);
  }
  // Oscar writes "Price:" with its colon outside of the translated text, for narrow windows.
  const colons = [...document.querySelectorAll('.basket-items .price-title')];
  colons.forEach((element) => { element.style.display = 'none'; });
  const shown = document.body.innerText;
  colons.forEach((element) => { element.style.display = ''; });
  const wide = [...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1)
    .map((element) => `${element.tagName.toLowerCase()} ${element.className}`.trim());
  return {
    language: root.lang,
    texts: texts,
    shown: shown,
    scroll_width: root.scrollWidth,
    wide: wide.slice(0, 3),
    broken: [...document.images]
      .filter((image) => image.complete && image.naturalWidth === 0)
      .map((image) => image.getAttribute('src')),
    unprotected: [...document.forms]
      .filter((form) => form.method === 'post' && !form.elements.csrfmiddlewaretoken)
      .map((form) => form.getAttribute('action')),
    cards: [...document.querySelectorAll('input')]
      .map((field) => [field.name, field.id, field.autocomplete].filter(Boolean).join(' '))
      .filter((about) => /card|cvc|cvv|\\bcc-/i.test(about)),
  };
}"""

# Words that give away a text in the other language. None of them is in the demo shop's own data
# (names of plans and services are French in both), and none is a word of both languages.
ENGLISH = """
    the your you and with from of for is it we by what soon once up
    please find found here this that these are was were has have been
    basket cart checkout home search login logout sign password register save edit delete remove
    add browse store view show order orders price quantity address street town country phone first
    last name account history member members plan plans seller sellers subscription subscribe until
    payment paid card bank terms read more back next previous required optional oops toggle
    navigation results sort filter review reviews write availability available excluding including
    tax thank details summary billing number status picture title category product products
"""
FRENCH = """
    le les vous votre vos avec sont est cette dans ce sur jusqu sans que qui ou où été être
    panier commande commander accueil recherche rechercher connexion connecter déconnexion
    ajouter modifier supprimer voir prix quantité adresse ville pays téléphone prénom nom compte
    membre membres vendeur vendeurs vente paiement payer payé carte banque lire suite retour suivant
    précédent obligatoire facultatif résultats trier avis écrire disponible taxe merci résumé
    facturation numéro statut titre catégorie produit produits prestation prestations
"""


def facts(page: Any) -> dict[str, Any]:
    """Return what the checks want to know of ``page``."""
    return page.evaluate(FACTS)


def problems(facts: dict[str, Any], language: str, width: int) -> list[str]:
    """Return what is wrong with a page.

    Args:
        facts: of that page.
        language: that it should be in.
        width: of the window, in CSS pixels.
    """
    found = []
    if facts["language"] != language:
        found.append(f"its language is “{facts['language']}”, not “{language}”")
    if facts["scroll_width"] > width:
        found.append(f"is {facts['scroll_width']} pixels wide, because of {facts['wide']}")
    found += [f"the image {source} is broken" for source in facts["broken"]]
    found += [f"not translated: “{text}”" for text in untranslated(facts["texts"], language)]
    if language == "fr":
        found += [f"French spacing: “{text}”" for text in badly_spaced(facts["shown"])]
    return found


def unprotected_forms(facts: dict[str, Any]) -> list[str]:
    """Return the forms that Django refuses: Django's own test client does not ask for the token."""
    return [f"a form without its token: {action}" for action in facts["unprotected"]]


def card_fields(facts: dict[str, Any]) -> list[str]:
    """Return the fields that seem to ask for a card."""
    return [f"asks for a card: {about}" for about in facts["cards"]]


def untranslated(texts: list[str], language: str) -> list[str]:
    """Return those of ``texts`` that have a word of the other language."""
    words = (ENGLISH if language == "fr" else FRENCH).split()
    telltale = re.compile(rf"(?<![\w@./-])({'|'.join(words)})(?![\w@/-]|\.\w)", re.IGNORECASE)
    plain = (" ".join(text.split()) for text in texts)
    return list(dict.fromkeys(text for text in plain if telltale.search(text)))


def badly_spaced(text: str) -> list[str]:
    """Return the places with a breaking space, or none, where French has a non-breaking one."""
    breaking = r".{0,15}(?: [:;!?»€%]|« ).{0,5}"
    missing = r".{0,15}\w[:;!?»](?=\s|$)"
    return [" ".join(found.split(" ")) for found in re.findall(rf"{breaking}|{missing}", text)]


class Noise:
    """What goes wrong without being seen: errors in the console, requests that fail."""

    def __init__(self, page: Any) -> None:
        self._found: list[tuple[int, str]] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._found.append((0, f"script error: {error}")))
        page.on("request", self._on_request)
        page.on("response", self._on_response)
        page.on("requestfailed", self._on_failure)

    def since_last_time(self, expected: int) -> list[str]:
        """Return what happened since the last call, except answers with status ``expected``."""
        found, self._found = self._found, []
        return [text for status, text in found if status != expected]

    def _on_console(self, message: Any) -> None:
        if message.type == "error":
            # The browser complains in these words of an answer that was an error.
            status = re.search(r"responded with a status of (\d+)", message.text)
            self._found.append((int(status[1]) if status else 0, f"console: {message.text}"))

    def _on_request(self, request: Any) -> None:
        # The shop's pages need nobody else's server, and the payment page needs none besides.
        parts = urlsplit(request.url)
        is_part = not request.is_navigation_request() and parts.scheme in ("http", "https")
        if is_part and parts.netloc != urlsplit(request.frame.url).netloc:
            self._found.append((0, f"asks another origin: {request.url}"))

    def _on_response(self, response: Any) -> None:
        if response.status >= 400:
            self._found.append((response.status, f"{response.status} for {response.url}"))

    def _on_failure(self, request: Any) -> None:
        # Leaving a page ends what it was still loading.
        if request.failure != "net::ERR_ABORTED":
            self._found.append((0, f"{request.failure} for {request.url}"))
