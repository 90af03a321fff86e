"""Style and script of the hosted pages, inline because these pages load nothing from anywhere."""

CSS = """
:root { --ink: #1c2333; --soft: #566079; --line: #c9cfdc; --paper: #fff; --ground: #f3f5f9;
  --brand: #2b4bb3; --brand-dark: #1f378a; --bad: #b3261e; --bad-ground: #fdecea; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
.demo { margin: 0; padding: .6rem 1rem; background: #ffe9a8; text-align: center;
  border-bottom: 1px solid #d9b94a; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1rem 3rem; display: grid; gap: 1.5rem; }
h1, h2 { font-size: 1.1rem; line-height: 1.3; margin: 0 0 .75rem; }
.sheet, .summary { min-width: 0; }
.sheet { background: var(--paper); border: 1px solid var(--line); border-radius: 12px;
  padding: 1.5rem; box-shadow: 0 4px 18px rgb(28 35 51 / 8%); }
.summary .amount { font-size: 2.1rem; font-weight: 700; margin: 0 0 .75rem; }
.summary ul { list-style: none; margin: 0 0 .75rem; padding: .75rem 0;
  border-block: 1px solid var(--line); }
.summary li { display: flex; justify-content: space-between; gap: 1rem; }
.summary b { white-space: nowrap; }
fieldset { border: 0; margin: 0 0 1.25rem; padding: 0; min-width: 0; }
legend { font-weight: 600; padding: 0; margin-bottom: .5rem; }
.field { margin: 0 0 .9rem; }
.field label { display: block; font-size: .92rem; margin-bottom: .2rem; }
.field input { width: 100%; font: inherit; padding: .6rem .7rem; border: 1px solid #8a93a8;
  border-radius: 8px; background: var(--paper); color: inherit; }
.field input::placeholder { color: #7b8398; }
.field input[aria-invalid] { border-color: var(--bad); }
:focus-visible { outline: 3px solid #8fa6f0; outline-offset: 1px; }
.error { color: var(--bad); font-size: .9rem; }
.alert { background: var(--bad-ground); border: 1px solid var(--bad); color: #7d1a14;
  border-radius: 8px; padding: .7rem .9rem; margin-bottom: 1.25rem; }
.choose { position: absolute; opacity: 0; }
.choice { display: inline-block; padding: .5rem .9rem; margin: 0 .5rem .8rem 0; cursor: pointer;
  border: 1px solid #8a93a8; border-radius: 8px; background: var(--paper); }
.choose:checked + .choice { border-color: var(--brand); color: var(--brand);
  box-shadow: inset 0 0 0 1px var(--brand); font-weight: 600; }
.choose:focus-visible + .choice { outline: 3px solid #8fa6f0; outline-offset: 1px; }
.panel { display: none; }
#method-card:checked ~ .panel-card { display: grid; grid-template-columns: 1fr 1fr;
  column-gap: .9rem; }
#method-sepa_debit:checked ~ .panel-sepa_debit { display: block; }
.panel .number, .panel .name { grid-column: 1 / -1; }
.panel p { margin-top: 0; }
.option { display: block; padding: .2rem 0; }
.button { display: inline-block; width: 100%; font: inherit; font-weight: 600; text-align: center;
  padding: .75rem 1rem; border: 1px solid var(--brand); border-radius: 8px; cursor: pointer;
  background: var(--brand); color: #fff; text-decoration: none; }
.button:hover { background: var(--brand-dark); }
.button.plain { background: var(--paper); color: var(--brand); }
.row { display: grid; gap: .75rem; }
.cancel { text-align: center; margin: .9rem 0 0; }
a { color: var(--brand); }
.hint { color: var(--soft); font-size: .92rem; }
.cards { margin-top: 1.5rem; border-top: 1px solid var(--line); padding-top: 1rem; }
.cards summary { font-weight: 600; cursor: pointer; }
.cards ul { list-style: none; margin: .5rem 0 0; padding: 0; }
.cards li { display: grid; grid-template-columns: 1fr auto; column-gap: .75rem; align-items: center;
  padding: .35rem 0; border-bottom: 1px solid #e6e9f0; }
.cards code { font-size: .92rem; white-space: nowrap; }
.cards li span { grid-row: 2; color: var(--soft); font-size: .88rem; }
.use { grid-row: 1 / 3; grid-column: 2; font: inherit; font-size: .88rem; padding: .3rem .7rem;
  border: 1px solid #8a93a8; border-radius: 6px; background: var(--paper); color: var(--brand);
  cursor: pointer; }
@media (min-width: 48rem) {
  main { grid-template-columns: 2fr 3fr; gap: 3rem; padding-top: 3rem; }
  main > .sheet:only-child { grid-column: 1 / -1; width: 100%; max-width: 30rem; margin: 0 auto; }
}
"""

# Comfort only: everything works without it.
SCRIPT = """
document.querySelectorAll("button.use").forEach(function (button) {
  button.hidden = false;
  button.addEventListener("click", function () {
    var card = document.getElementById("method-card");
    if (card) { card.checked = true; }
    document.getElementById("number").value = button.dataset.card;
    document.getElementById("exp").value = "12/" + String(new Date().getFullYear() + 3).slice(2);
    document.getElementById("cvc").value = "123";
    document.querySelector("form button[type=submit]").focus();
  });
});
"""
