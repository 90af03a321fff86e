"""What every action's form and address have in common."""

from oscar_subscriptions.dashboard.actions import days, terms, views


def test_the_reason_comes_after_the_fields_of_the_action(shop, rf):
    for view, names in (
        (days.GiveView, ["days", "reason"]),
        (terms.RevokeView, ["tell", "reason"]),
    ):
        bound = view()
        bound.setup(rf.get("/"), pk=1)
        assert list(bound.get_form().fields) == names


def test_a_subclass_says_what_it_does():
    assert views.ActionView.act is not days.GiveView.act
