"""`sekisho profile`: check and show descriptions of devices without SunSpec."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.options import Format, FormatOption, LangOption, language
from sekisho.shell.cli.showing import as_text, tell_line, tell_problems

if TYPE_CHECKING:
    from sekisho.codec.profile import Profile
    from sekisho.terms.errors import Problem
    from sekisho.terms.texts import Lang, Text

app = typer.Typer(
    help="Check and show profiles: maps of devices without SunSpec.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("check")
def check(
    profiles: Annotated[
        list[str],
        typer.Argument(metavar="PROFILE...", help="Files, or names of shipped profiles."),
    ],
    *,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """List every problem of profiles: form, overlaps, missing points, watchdog, samples, wear.

    Exit code: 0 each makes sense, 2 at least one problem.
    """
    from sekisho.shell.device_data import load_profile
    from sekisho.terms.errors import InputError
    from sekisho.terms.verdict import ExitCode

    spoken = language(lang)
    read: list[Profile] = []
    problems: list[Problem] = []
    for name in profiles:
        try:
            read.append(load_profile(name, Path()))
        except InputError as error:
            problems.extend(error.problems)
    if output is Format.JSON:
        sys.stdout.write(_as_json(read, problems, spoken))
    else:
        for profile in read:
            tell_line(_told(profile).says(spoken))
        tell_problems(problems, spoken)
    raise typer.Exit(ExitCode.USAGE if problems else ExitCode.GOOD)


@app.command("show")
def show(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="A shipped profile; left out: list their names."),
    ] = None,
    *,
    lang: LangOption = None,
) -> None:
    """Print a shipped profile, to use it or to begin your own with it."""
    from sekisho.codec.profile import read_profile
    from sekisho.shell.device_data import shipped_profile, shipped_profiles

    del lang  # a profile says its title in one language
    if name is not None:
        sys.stdout.write(shipped_profile(name))
        return
    for one in shipped_profiles():
        profile = read_profile(shipped_profile(one), one)
        tell_line(f"{one}  {profile.role}  {profile.title}")


def _told(profile: Profile) -> Text:
    from sekisho.terms.texts import Text, listed, same, sentences

    parts = [
        Text(
            "{name}: 読めました。{role}「{title}」点 {n} 個。",
            '{name}: readable. {role} "{title}", {n} points.',
        ).fill(name=profile.name, role=profile.role, title=profile.title, n=len(profile.drafts))
    ]
    if profile.watchdog is not None:
        ways = listed(same(way) for way in profile.watchdog.refresh)
        parts.append(Text("ウォッチドッグ: {ways}。", "Watchdog: {ways}.").fill(ways=ways))
    elif profile.no_watchdog is not None:
        parts.append(
            Text("ウォッチドッグなし: {why}", "No watchdog: {why}.").fill(why=profile.no_watchdog)
        )
    if profile.invented:
        parts.append(Text("実在の機器ではありません。", "It describes no real device."))
    return sentences(parts)


def _as_json(read: list[Profile], problems: list[Problem], lang: Lang) -> str:

    document = {
        "profiles": [
            {
                "file": profile.name,
                "role": profile.role,
                "title": profile.title,
                "source": profile.source,
                "invented": profile.invented,
                "meanings": [draft.point.meaning for draft in profile.drafts],
                "watchdog": None if profile.watchdog is None else list(profile.watchdog.refresh),
            }
            for profile in read
        ],
        "problems": [
            {"where": p.where, "what": p.what.says(lang), "remedy": p.remedy.says(lang)}
            for p in problems
        ],
    }
    return as_text(document)
