"""The simulated plant of a site file, and a copy of that file that leads to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.tables import read_gated
from sekisho.lab.of_site import profiles_of, readdressed, sample_of
from sekisho.shell.device_data import SUFFIX, load_profile, profile_text
from sekisho.shell.lab.plant_process import Service
from sekisho.shell.site_files import text_of
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FILE = Text(
    "サイトファイル(site.toml)のパスを書いてください。",
    "Write the path of a site file (site.toml).",
)


def service_of(site: Path, soc: float = 0.5) -> Service:
    """How the plant of a site file is to be served.

    Args:
        site: the file.
        soc: what its batteries hold at the beginning.

    Raises:
        InputError: the file, its gate's tables or a profile cannot be read.
        WorldError: a profile needs a rating that nobody tells.
    """
    gated = read_gated(text_of(site, _FILE), str(site))
    profiles = {name: load_profile(name, site.parent) for name in profiles_of(gated.settings)}
    sample = sample_of(gated.site, gated.settings, profiles, soc)
    return Service(plan=sample.plan, serial=sorted(sample.serial))


def moved(
    site: Path, into: Path, addresses: Mapping[str, str], broker: str, fingerprint: str
) -> Path:
    """A copy of a site file that leads to a running plant, with its profiles beside it.

    Args:
        site: the file.
        into: a folder.
        addresses: where each device is reached, by its id.
        broker: `mqtts://…`.
        fingerprint: of the authority.

    Returns:
        The copy.

    Raises:
        InputError: the file or a profile cannot be read.
    """
    text = text_of(site, _FILE)
    settings = read_gated(text, str(site)).settings
    copy = into / "site.toml"
    copy.write_text(readdressed(text, addresses, broker, fingerprint), encoding="utf-8")
    for name in profiles_of(settings):
        if name.endswith(SUFFIX):
            profile = into / name
            profile.parent.mkdir(parents=True, exist_ok=True)
            profile.write_text(profile_text(name, site.parent), encoding="utf-8")
    return copy
