"""`sekisho admin`: the gate's own pages — set up, served, and opened again at the machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.gate_options import OWN_MACHINE, ListenOption, ProductOption
from sekisho.shell.cli.options import LangOption, RegisterOption, host_port, language
from sekisho.shell.cli.showing import say, tell_at_once
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.shell.admin.papers import Papers

app = typer.Typer(
    name="admin",
    help="The gate's own pages and programming interface, on the local network.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
StateOption = Annotated[
    Path, typer.Option("--state", metavar="DIR", help="The state folder of the pages.")
]
GateOption = Annotated[
    Path,
    typer.Option("--gate", metavar="SOCKET", help="The gate's socket (sekisho gate run --admin)."),
]
CertificateOption = Annotated[
    Path | None,
    typer.Option(
        "--certificate",
        metavar="FILE.pem",
        help="A certificate instead of the device's own.",
        show_default=False,
    ),
]
KeyOption = Annotated[
    Path | None,
    typer.Option("--key", metavar="FILE.key", help="Its private key.", show_default=False),
]
UpdatesOption = Annotated[
    Path | None,
    typer.Option(
        "--updates",
        metavar="DIR",
        help="Where signed updates are laid for the updater (default: none are taken).",
        show_default=False,
    ),
]
SiteOption = Annotated[
    Path | None,
    typer.Option(
        "--site",
        metavar="SITE",
        help="The site file: live devices are compared with what it declares.",
        show_default=False,
    ),
]
UserArgument = Annotated[str, typer.Argument(metavar="USER", help="Name of the user.")]

_MADE = Text(
    """{folder}: 管理画面の状態フォルダーを作りました。
最初の利用者を作るコード(この装置だけのもので、一度だけ使えます。今しか表示しません):
  {code}
次にすること: sekisho admin run --state {folder} --gate SOCKET で始め、/first-use を開く。""",
    """{folder}: made the state folder of the pages.
The code that makes the first user (of this device alone, good once, shown only now):
  {code}
Next: start with sekisho admin run --state {folder} --gate SOCKET, and open /first-use.""",
)
_RUNS = Text(
    "管理画面: {address}(証明書の指紋 SHA-256 {fingerprint})",
    "Admin pages: {address} (certificate SHA-256 {fingerprint})",
)
_UNLOCKED = Text(
    "{user} のロックを解きました。パスワードは変わりません。",
    "{user} may sign in again. The password stays as it is.",
)
_RESET = Text(
    "{user} のパスワードを消しました。24時間以内に /first-use で次のコードを使ってください:\n  {code}",
    "The password of {user} is gone. Within 24 hours use this code on /first-use:\n  {code}",
)
_BOTH = Text(
    "--certificate と --key は両方指定してください。", "Give --certificate and --key together."
)
_BOTH_OR_NONE = Text("両方を指定するか、どちらも省いてください。", "Give both, or leave both out.")


@app.command("init")
def init(*, state: StateOption, lang: LangOption = None) -> None:
    """Make the state folder of the pages, and show this device's set-up code, once.

    There is no default password: the code makes the first user, and then it is gone.
    """
    from sekisho.shell.admin.folder import new_folder

    folder, code = new_folder(state)
    say(_MADE.fill(folder=folder.path, code=code), language(lang))


@app.command("run")
def run(
    *,
    state: StateOption,
    gate: GateOption,
    listen: ListenOption = OWN_MACHINE,
    certificate: CertificateOption = None,
    key: KeyOption = None,
    updates: UpdatesOption = None,
    site: SiteOption = None,
    register: RegisterOption = None,
    product: ProductOption = None,
    lang: LangOption = None,
) -> None:
    """Serve the pages until asked to end (SIGTERM, Ctrl-C).

    Run it as a user of its own: it can move nothing, and the gate goes on without it.
    """
    from sekisho.terms.errors import InputError, Problem

    spoken = language(lang)
    host, port = host_port(listen)
    if (certificate is None) is not (key is None):
        raise InputError(Problem("--certificate", _BOTH, _BOTH_OR_NONE))
    _parts()
    from sekisho.shell.admin.certificate import fingerprint_of
    from sekisho.shell.admin.folder import CERTIFICATE, open_folder
    from sekisho.shell.admin.serve import Place, serve

    folder = open_folder(state)
    shown = certificate or folder.file(CERTIFICATE)
    place = Place(
        folder=folder,
        gate=gate,
        host=host,
        port=port,
        certificate=certificate,
        key=key,
        updates=updates,
        papers=_papers(site, register, product),
    )

    def begun(address: str) -> None:
        tell_at_once(_RUNS.fill(address=address, fingerprint=fingerprint_of(shown)), spoken)

    serve(place, begun)


def _papers(site: Path | None, register: Path | None, product: Path | None) -> Papers:
    from sekisho.shell.admin.papers import Papers
    from sekisho.shell.gate.configuration import load_configuration
    from sekisho.shell.surface.product_files import load_product

    declared = None if site is None else load_configuration(site).site.devices
    return Papers(
        product=load_product(product),
        devices=None if declared is None else {str(device.id): device for device in declared},
        register=register,
    )


@app.command("unlock")
def unlock(user: UserArgument, *, state: StateOption, lang: LangOption = None) -> None:
    """Open an account again that was shut by wrong guesses.

    Works at the machine whatever happened on the network; it is journalled.
    """
    from sekisho.shell.admin.console import ask_console
    from sekisho.shell.admin.folder import open_folder

    ask_console(open_folder(state), "unlock", user)
    say(_UNLOCKED.fill(user=user), language(lang))


@app.command("reset-password")
def reset_password(
    user: UserArgument,
    *,
    state: StateOption,
    second_factor: Annotated[
        bool, typer.Option("--second-factor", help="Take the second factor away too.")
    ] = False,
    lang: LangOption = None,
) -> None:
    """Take a user's password away and show a one-time code that sets a new one.

    Every session of the user ends. Works at the machine alone; it is journalled.
    """
    from sekisho.shell.admin.console import ask_console
    from sekisho.shell.admin.folder import open_folder

    folder = open_folder(state)
    code = ask_console(folder, "reset-all" if second_factor else "reset-password", user)
    say(_RESET.fill(user=user, code=code), language(lang))


def _parts() -> None:
    from importlib import import_module

    from sekisho.shell.extras import PAGES

    try:
        for part in ("argon2", "cryptography", "pyotp", "segno", "starlette", "uvicorn", "zxcvbn"):
            import_module(part)
    except ImportError as error:
        raise PAGES.absent(error) from error
