"""The promise to the plant, in every story that has to be tried in any case."""

from dataclasses import replace

import pytest

from tests.promise_play import Play
from tests.promise_stories import STORIES

DELAYS = (0, 1_500)
"""ms until the disk has what was written: at once, and so slowly that it is seen."""


@pytest.mark.parametrize("name", STORIES)
def test_the_promise_is_kept_in(name):
    story = STORIES[name]
    story.told(Play(story.setting))


@pytest.mark.parametrize("delay", DELAYS)
@pytest.mark.parametrize("name", STORIES)
def test_the_promise_is_kept_with_primary_control_and_another_disk_in(name, delay):
    story = STORIES[name]
    story.told(Play(replace(story.setting, droop=True, delay=delay), sure=False))
