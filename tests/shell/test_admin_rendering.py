"""What a template of the pages writes for the values that it is given."""

import pytest
from markupsafe import Markup

from sekisho.shell.admin.frame import Shown
from sekisho.shell.admin.rendering import Renderer
from sekisho.terms.texts import Lang, Text

WORDS = dict.fromkeys(("done", "keep", "on"), Text("語", "word"))


def written(value):
    shown = Shown(
        template="pages/second_factor/done.html", values={"words": WORDS, "recovery": [value]}
    )
    return Renderer().page(shown, None, Lang.EN).decode()


@pytest.mark.parametrize(
    ("value", "there"),
    [
        ("a\u202eb", "<li>a[U+202E]b</li>"),
        ("\x1b<i>", "<li>[U+001B]&lt;i&gt;</li>"),
        (Markup("<i>a</i>"), "<li><i>a</i></li>"),
        (7, "<li>7</li>"),
    ],
)
def test_a_plain_string_is_made_visible_and_markup_stays(value, there):
    assert there in written(value)
