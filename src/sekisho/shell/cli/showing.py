"""Showing a document: on the terminal, or in a file of the medium its name asks for."""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import TYPE_CHECKING

from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from sekisho.present.document import Document
    from sekisho.terms.texts import Lang
    from sekisho.terms.verdict import Verdict

_UNKNOWN = Text("「{suffix}」のファイルは作れません。", 'A file of kind "{suffix}" cannot be made.')
_END_IN = Text(
    "--out の名前を {kinds} のどれかで終えてください。", "End the name given with --out in {kinds}."
)

_VERDICT = Text("{site} の判定: {verdict}", "Verdict on {site}: {verdict}")


def on_terminal(documents: Sequence[Document]) -> str:
    """The documents as text, in the terminal's width; in colour where it is a terminal."""
    from sekisho.present import terminal

    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = shutil.get_terminal_size((100, 24)).columns
    return "\n".join(terminal.rendered(d, width=width, colour=colour) for d in documents)


def plain(documents: Sequence[Document]) -> str:
    """The documents as text without colour, 100 columns wide."""
    from sekisho.present import terminal

    return "\n".join(terminal.rendered(d, width=100, colour=False) for d in documents)


def as_text(value: Mapping[str, object] | Sequence[object], *, compact: bool = False) -> str:
    """A published form as JSON text that is safe to print; compact where it is very long."""
    from sekisho.present.escape import json_text

    if compact:
        return json_text(json.dumps(value, ensure_ascii=False, separators=(",", ":"))) + "\n"
    return json_text(json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def rendered(document: Document, path: Path, day: date) -> bytes:
    """The document as bytes of the medium that the file's name asks for.

    Raises:
        InputError: the name ends in nothing that can be made.
        WorldError: an optional part is not installed.
    """
    match path.suffix.lower():
        case ".html":
            from sekisho.shell.rendering import html_bytes

            return html_bytes(document)
        case ".pdf":
            from sekisho.shell.rendering import pdf_bytes

            return pdf_bytes(document, day)
        case ".txt" | ".md" | "":
            return plain([document]).encode()
        case suffix:
            raise cannot_be_made(path, suffix, ".txt", ".html", ".pdf", ".json")


def cannot_be_made(path: Path, suffix: str, *kinds: str) -> InputError:
    """What to tell of a name that ends in none of the kinds that can be made."""
    *first, last = kinds
    end = Text(" ".join(kinds), f"{', '.join(first)} or {last}")
    return InputError(Problem(str(path), _UNKNOWN.fill(suffix=suffix), _END_IN.fill(kinds=end)))


def show(
    document: Callable[[], Document],
    published: Callable[[], Mapping[str, object] | Sequence[object]],
    *,
    json_wanted: bool,
    out: Path | None,
    day: date,
    compact: bool = False,
) -> None:
    """Print a result, or write it where `--out` says; only the form that is wanted is made."""
    from sekisho.shell.writing import write_whole

    wanted = json_wanted or (out is not None and out.suffix.lower() == ".json")
    if wanted:
        text = as_text(published(), compact=compact)
        if out is None:
            sys.stdout.write(text)
            return
        content = text.encode()
    elif out is None:
        sys.stdout.write(on_terminal([document()]))
        return
    else:
        content = rendered(document(), out, day)
    write_whole(out, content)
    tell_written(out)


def tell_written(path: Path) -> None:
    """Say which file was written."""
    tell_line(str(path))


def tell_verdict(site: str, verdict: Verdict, lang: Lang) -> None:
    """Tell on standard error what the files that were written say; standard output names the files alone."""
    from sekisho.present import escape
    from sekisho.present.verdicts import signed

    words = _VERDICT.fill(site=site, verdict=signed(verdict, lang))
    sys.stderr.write(escape.terminal(words.says(lang)) + "\n")


def tell_line(text: str) -> None:
    """Print one line; a line's end within it is shown as its number."""
    from sekisho.present import escape

    sys.stdout.write(escape.terminal(text) + "\n")


def tell_problems(problems: Iterable[Problem], lang: Lang) -> None:
    """Tell on standard error what is wrong, a line each."""
    from sekisho.present import escape

    for problem in problems:
        sys.stderr.write(escape.terminal(problem.says(lang)) + "\n")


def tell_at_once(text: Text, lang: Lang) -> None:
    """Tell on standard error that a command runs which does not end by itself.

    Standard output is delivered when a command ends (`delivery`).
    """
    from sekisho.present import escape

    sys.stderr.write(escape.terminal(text.says(lang)) + "\n")
    sys.stderr.flush()


def say(text: Text, lang: Lang) -> None:
    """Print a sentence, or several lines of them."""
    for line in text.says(lang).splitlines():
        tell_line(line)
