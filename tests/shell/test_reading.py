"""Reading a file that somebody named."""

import pytest

from sekisho.shell.reading import bounded, bounded_or_none
from sekisho.terms.errors import InputError, WorldError


def test_a_file_of_the_most_bytes_is_read_whole(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"x" * 10)
    assert bounded(path, 10) == b"x" * 10


def test_a_larger_file_is_refused_and_not_read_in_part(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"x" * 11)
    with pytest.raises(InputError, match="at most 10 bytes"):
        bounded(path, 10)


def test_why_a_file_cannot_be_read_is_said(tmp_path):
    with pytest.raises(WorldError, match="There is no such file"):
        bounded(tmp_path / "a", 10)
    with pytest.raises(WorldError, match="directory"):
        bounded(tmp_path, 10)


def test_what_cannot_be_read_whole_is_nothing_where_that_is_enough(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"x" * 11)
    assert bounded_or_none(path, 11) == b"x" * 11
    assert bounded_or_none(path, 10) is None
    assert bounded_or_none(tmp_path / "b", 10) is None
