"""What a long command prints is shown at once; what a short one prints, at its end."""

import io
import sys

from typing_extensions import override

from sekisho.shell.cli.delivery import Held, flowing


class Full(io.StringIO):
    @override
    def write(self, text, /):
        raise OSError(28, "No space left on device")


def test_it_is_held_until_it_is_delivered():
    real = io.StringIO()
    held = Held(real)
    held.write("one")
    assert real.getvalue() == ""
    assert held.deliver() is None
    assert real.getvalue() == "one"


def test_it_flows_from_where_the_command_says_so(monkeypatch):
    real = io.StringIO()
    held = Held(real)
    monkeypatch.setattr(sys, "stdout", held)
    held.write("one,")
    flowing()
    held.write("two")
    assert real.getvalue() == "one,two"
    assert held.deliver() is None
    assert real.getvalue() == "one,two"


def test_what_could_not_be_written_while_flowing_is_told_at_the_end(monkeypatch):
    held = Held(Full())
    monkeypatch.setattr(held, "_abandon", lambda: None)
    monkeypatch.setattr(sys, "stdout", held)
    flowing()
    held.write("one")
    held.write("two")
    assert held.deliver() == "No space left on device"
