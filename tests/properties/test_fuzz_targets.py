"""The fuzzers' targets hold on their own seeds, and on what is near them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.fuzz.__main__ import targets

TARGETS = targets()


@pytest.mark.parametrize("name", sorted(TARGETS))
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_target_holds_near_its_seeds(name, data):
    target = TARGETS[name]
    seed = data.draw(st.sampled_from(target.seeds))
    target.run(seed)
    touched = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(seed) - 1))
        touched[place] = data.draw(st.integers(0, 255))
    target.run(bytes(touched))
