"""The command line starts fast: it loads nothing heavy before a command needs it."""

import subprocess
import sys

HEAVY = {
    "apprise",
    "fontTools",
    "hypothesis",
    "icalendar",
    "jinja2",
    "pydantic",
    "pydantic_core",
    "python_calamine",
    "rapidfuzz",
    "requests",
    "rich",
    "sqlite3",
    "typst",
    "xlsxwriter",
}
NOT_FOR_ASSESS = HEAVY - {"pydantic", "pydantic_core", "sqlite3"}


def loaded(program):
    code = f"import sys\n{program}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_importing_the_command_line_loads_no_heavy_package():
    assert not loaded("import sekisho.shell.cli.main") & HEAVY


def test_assessing_a_labelled_project_loads_only_what_reads_the_site_file():
    program = (
        "from sekisho.shell.cli.main import main\n"
        "main(['assess', 'examples/all-labelled', '--known-at', '2026-11-22',"
        " '--register', 'examples/made-up-list.csv'])"
    )
    assert not loaded(program) & NOT_FOR_ASSESS


def test_this_check_sees_a_heavy_package():
    assert loaded("import rapidfuzz") & HEAVY
