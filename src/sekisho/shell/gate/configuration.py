"""What the gate is configured with: the site file's tables and the profiles that they name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.codec.meanings import Meaning
from sekisho.codec.profile import read_profile
from sekisho.gate.tables import read_gated, sealed
from sekisho.shell.device_data import profile_text
from sekisho.shell.site_files import SITE_FILE, text_of
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sekisho.codec.profile import Profile
    from sekisho.gate.settings import Settings, SouthDevice
    from sekisho.site.model import Site

_ABSENT = Text("パスを確かめてください。", "Check the path.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Everything that a start of the gate reads besides its state folder."""

    site: Site
    settings: Settings
    """Sealed with the profiles."""
    profiles: Mapping[str, Profile]
    """By the names that the site file uses."""


def load_configuration(path: Path) -> Configuration:
    """The configuration of a site file, or of the `site.toml` in a folder.

    Raises:
        InputError: every problem of the site file, then every problem of the profiles.
    """
    file = path / SITE_FILE if path.is_dir() else path
    gated = read_gated(text_of(file, _ABSENT), str(file))
    texts: dict[str, str] = {}
    profiles: dict[str, Profile] = {}
    problems: list[Problem] = []
    for name in dict.fromkeys(d.profile for d in gated.settings.south if d.profile is not None):
        try:
            texts[name] = _text(name, file)
            profiles[name] = read_profile(texts[name], name)
        except InputError as error:
            problems += error.problems
    for device in gated.settings.south:
        if device.profile in profiles:
            problems += _misfits(file, device, profiles[device.profile], gated.settings)
    if problems:
        raise InputError(*problems)
    contents = {name: text.encode() for name, text in texts.items()}
    return Configuration(
        site=gated.site,
        settings=sealed(gated.settings, contents),
        profiles=profiles,
    )


def _text(name: str, file: Path) -> str:
    folder = file.resolve().parent
    if name.endswith(".toml") and not (folder / name).resolve().is_relative_to(folder):
        problem = Problem(
            name,
            Text(
                "プロファイルがサイトファイルのフォルダーの外にあります。",
                "The profile is outside the site file's folder.",
            ),
            Text(
                "サイトファイルと同じフォルダーの中に置いてください。",
                "Put it within the site file's folder.",
            ),
        )
        raise InputError(problem)
    return profile_text(name, folder)


def _misfits(
    file: Path, device: SouthDevice, profile: Profile, settings: Settings
) -> Iterator[Problem]:
    """A profile of another role, or a trip whose profile opens another coil than `[trip]`."""
    if profile.role.value != device.role.value:
        yield Problem(
            str(file),
            Text(
                "{device} は {role} ですが、プロファイル {profile} は {other} 用です。",
                "{device} is a {role}, but the profile {profile} is for a {other}.",
            ).fill(
                device=device.device,
                role=device.role.value,
                profile=device.profile,
                other=profile.role.value,
            ),
            Text(
                "役割の合うプロファイルを書いてください。",
                "Name a profile that fits the device's role.",
            ),
        )
        return
    trip = settings.trip
    for draft in profile.drafts:
        point = draft.point
        if point.meaning is Meaning.TRIP and trip is not None and point.address != trip.coil:
            yield Problem(
                str(file),
                Text(
                    "[trip] の coil {coil} が、プロファイル {profile} の接点 {address} と違います。",
                    "Coil {coil} of [trip] is not the coil {address} of the profile {profile}.",
                ).fill(coil=trip.coil, profile=device.profile, address=point.address),
                Text("同じ番号にしてください。", "Write the same number."),
            )
