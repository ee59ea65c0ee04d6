"""An optional part that is missing is told with how to install it; a part of our own is a fault of ours."""

import pytest

from sekisho.shell.extras import GATE, PAGES
from sekisho.terms.texts import Lang


def test_a_missing_part_is_told_by_name_with_the_way_to_install_it():
    [problem] = PAGES.absent(ImportError("no argon2", name="argon2")).problems
    assert problem.where == "argon2"
    assert "pip install 'sekisho[gate,admin]'" in problem.says(Lang.EN)
    assert "pip install 'sekisho[gate,admin]'" in problem.says(Lang.JA)


def test_an_import_that_names_nothing_is_told_by_the_names_of_the_extra():
    [problem] = GATE.absent(ImportError("something")).problems
    assert problem.where == "gate"


def test_a_part_of_our_own_that_is_missing_is_never_called_an_optional_one():
    with pytest.raises(ImportError, match="broken"):
        GATE.absent(ImportError("broken", name="sekisho.codec.jws"))
