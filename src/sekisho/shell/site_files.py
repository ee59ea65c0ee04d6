"""Site files on disk: read with bounds, written never over another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.shell.reading import NOT_THERE
from sekisho.site.parsing import MAX_CHARACTERS
from sekisho.site.reader import read_site
from sekisho.terms.errors import InputError, Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.site.model import Site

SITE_FILE = "site.toml"
"""The site file's name within a project's folder."""

_MOST_FILES = 100_000
"""A folder with more than this is not a portfolio but a disk."""
_MAX_BYTES = 4 * MAX_CHARACTERS
_NOT_THERE_REMEDY = Text(
    "パスを確かめてください。新しく作るには sekisho site new を使います。",
    "Check the path; sekisho site new writes a new one.",
)


def load_site(path: Path) -> Site:
    """The site of a file, or of the `site.toml` in a folder.

    Raises:
        InputError: the file is not there, is not readable as text, or says something wrong.
        WorldError: the disk failed.
    """
    file = path / SITE_FILE if path.is_dir() else path
    where = str(file)
    site = read_site(_decoded(_bytes_of(file, where), where), where)
    _keep_inside(site, file, where)
    return site


def text_of(file: Path, absent: Text) -> str:
    """The text of any file that a person writes: UTF-8, a regular file, bounded.

    Args:
        file: the file.
        absent: what to do where it is not there.

    Raises:
        InputError: it is not there, cannot be read, or is not text.
    """
    where = str(file)
    return _decoded(_bytes_of(file, where, absent), where)


def site_files_below(folder: Path) -> list[Path]:
    """Every .toml file in a folder and below it, in the order of their paths.

    Raises:
        InputError: there is none, there are too many, or one leads out of the folder.
    """
    inside = folder.resolve()
    found = sorted(p for p in folder.rglob("*.toml") if p.is_file())
    if not found or len(found) > _MOST_FILES:
        problem = Problem(
            str(folder),
            Text(
                "サイトファイル(.toml)が {count} 個あります。",
                "It holds {count} site files (.toml).",
            ).fill(count=len(found)),
            Text("1 から {most} 個にしてください。", "There must be 1 to {most}.").fill(
                most=_MOST_FILES
            ),
        )
        raise InputError(problem)
    strays = [p for p in found if not p.resolve().is_relative_to(inside)]
    if strays:
        raise InputError(
            *(
                Problem(
                    str(stray),
                    Text("フォルダーの外を指しています。", "It leads out of the folder."),
                    Text("リンクではなくファイルを置いてください。", "Put the file itself there."),
                )
                for stray in strays
            )
        )
    return found


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet.

    Raises:
        InputError: there is a file already; it stays as it is.
        WorldError: the place cannot be written.
    """
    created = False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            created = True
            stream.write(text)
    except FileExistsError as error:
        problem = Problem(
            str(path),
            Text("既にファイルがあり、上書きしません。", "There is a file already; it is kept."),
            Text("別の名前を指定してください。", "Give another name."),
        )
        raise InputError(problem) from error
    except OSError as error:
        if created:
            path.unlink(missing_ok=True)
        problem = Problem(
            str(path),
            Text("書き込めません({why})。", "It cannot be written ({why}).").fill(
                why=error.strerror or error
            ),
            Text("書き込める場所を指定してください。", "Give a place that can be written."),
        )
        raise WorldError(problem) from error


def _bytes_of(file: Path, where: str, absent: Text = _NOT_THERE_REMEDY) -> bytes:
    try:
        if file.exists() and not file.is_file():
            problem = Problem(
                where,
                Text("普通のファイルではありません。", "It is not a regular file."),
                absent,
            )
            raise InputError(problem)
        with file.open("rb") as stream:
            return stream.read(_MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError(Problem(where, NOT_THERE, absent)) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        why = getattr(error, "strerror", None) or str(error)
        problem = Problem(
            where,
            Text("読めません({why})。", "It cannot be read ({why}).").fill(why=why),
            Text("パスと権限を確かめてください。", "Check the path and its permissions."),
        )
        raise InputError(problem) from error


def _decoded(content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if len(content) > _MAX_BYTES:
            return content.decode("utf-8", errors="replace")  # the reader refuses its size
        line = content.count(b"\n", 0, error.start) + 1
        problem = Problem(
            f"{where}:{line}",
            Text("UTF-8 として読めません({guess})。", "This is not UTF-8 text ({guess}).").fill(
                guess=_guess(content)
            ),
            Text(
                "エディタで文字コードを UTF-8 にして保存し直してください。",
                "Save it again in your editor with the encoding UTF-8.",
            ),
        )
        raise InputError(problem) from error


def _guess(content: bytes) -> Text:
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return Text("UTF-16 のようです", "it looks like UTF-16")
    try:
        content.decode("cp932")
    except UnicodeDecodeError:
        return Text("文字コード不明", "its encoding is unknown")
    return Text("Shift_JIS のようです", "it looks like Shift_JIS")


def _keep_inside(site: Site, file: Path, where: str) -> None:
    """Refuse documents that a symbolic link puts outside the folder; `..` the reader refuses."""
    if not site.attestations:
        return
    folder = file.resolve().parent
    outside = [
        key
        for key, entry in site.attestations.items()
        if not (folder / entry.document).resolve().is_relative_to(folder)
    ]
    if outside:
        raise InputError(
            *(
                Problem(
                    where,
                    Text(
                        "attestations.{key} の文書がフォルダーの外にあります。",
                        "The document of attestations.{key} is outside the folder.",
                    ).fill(key=key),
                    Text(
                        "サイトファイルと同じフォルダーの中に置いてください。",
                        "Put it within the site file's folder.",
                    ),
                )
                for key in outside
            )
        )
