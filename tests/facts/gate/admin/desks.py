"""A desk with people to sign in, and moments to do it at."""

from sekisho.gate.admin.book import Book, SecondFactor, User
from sekisho.gate.admin.desk import Desk, Moment, answered, ask, begun, find
from sekisho.gate.admin.roles import Role
from sekisho.gate.admin.words import code_digest
from sekisho.terms.quantity import BootMs, WallMs

EPOCH = 1_764_000_000_000
SETUP_CODE = "ABCDE-FGHJK-LMNPQ-RSTUV"


class Dice:
    """Secrets that a test can name: never the same twice."""

    def __init__(self):
        self.thrown = 0

    def __call__(self):
        self.thrown += 1
        return f"secret-{self.thrown:036}"


DICE = Dice()


def at(boot=0, source="192.0.2.7"):
    return Moment(wall=WallMs(EPOCH + boot), boot=BootMs(boot), source=source, random=DICE)


def user(name="mori", role=Role.SECURITY, **more):
    return User(name=name, role=role, password=f"hash-of-{name}", **more)


def second():
    return SecondFactor(secret="JBSWY3DP", recovery=frozenset({code_digest("RECOV-ERYAA")}))


def desk(*users, setup=None):
    book = Book(setup=setup)
    for one in users:
        book = book.with_user(one)
    return begun(book, BootMs(0))


def new_device():
    return begun(Book(setup=code_digest(SETUP_CODE)), BootMs(0))


def sign_in(desk: Desk, name="mori", *, fits=True, moment=None):
    """Both steps of giving a password; the outcome of the first where it says to wait."""
    moment = moment or at()
    desk, asked = ask(desk, name, moment)
    if not hasattr(asked, "encoded"):
        return desk, asked
    return answered(desk, name, moment, fits=fits)


def session_of(desk: Desk, outcome, boot=0):
    """The session that an outcome has opened."""
    session = find(desk, outcome.secret, BootMs(boot))
    assert session is not None
    return session
