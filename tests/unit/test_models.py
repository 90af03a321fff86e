"""Each abstract model has its concrete one, unless the shop has registered its own."""

import runpy

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import abstract_models, models


@pytest.mark.parametrize("name", abstract_models.__all__)
def test_each_abstract_model_has_a_concrete_one(name):
    concrete = get_model("oscar_subscriptions", name.removeprefix("Abstract"))
    assert issubclass(concrete, getattr(abstract_models, name))
    assert concrete.__name__ in models.__all__


def test_a_model_that_is_registered_already_is_not_defined_again():
    """So a shop's own, which is registered first, stays the only one."""
    assert runpy.run_path(models.__file__)["__all__"] == []
