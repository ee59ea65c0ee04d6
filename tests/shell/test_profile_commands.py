"""`sekisho profile`: what is wrong in a profile is told with its line; what ships can be begun with."""

import json
from pathlib import Path

from typer.testing import CliRunner

from sekisho.shell.cli.profile import app
from sekisho.shell.device_data import shipped_profile, shipped_profiles


def said(*arguments: str | Path):
    return CliRunner().invoke(app, [*map(str, arguments), "--lang", "en"])


def test_every_shipped_profile_is_listed_and_checks(tmp_path: Path) -> None:
    names = shipped_profiles()
    listed = said("show").stdout.splitlines()
    assert [line.split()[0] for line in listed] == list(names)
    assert said("check", *names).exit_code == 0


def test_a_shipped_profile_is_printed_as_it_is() -> None:
    assert said("show", "generic-bms").stdout == shipped_profile("generic-bms")


def test_each_problem_is_told_with_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(shipped_profile("generic-bms").replace("space", "spaec", 1), encoding="utf-8")
    done = said("check", file, "generic-pcs")
    assert done.exit_code == 2
    assert f"{file}:" in done.stderr
    assert "generic-pcs: readable" in done.stdout


def test_problems_as_json(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        shipped_profile("generic-bms").replace("scale = 0.1", "scale = -1", 1), encoding="utf-8"
    )
    done = said("check", file, "eastron-sdm630", "--format", "json")
    assert done.exit_code == 2
    told = json.loads(done.stdout)
    assert [p["file"] for p in told["profiles"]] == ["eastron-sdm630"]
    assert "scale cannot be -1" in told["problems"][0]["what"]


def test_a_profile_that_is_not_there_is_told() -> None:
    assert said("check", "no-such.toml").exit_code == 2
    assert "no-such.toml" in said("check", "no-such.toml").stderr
