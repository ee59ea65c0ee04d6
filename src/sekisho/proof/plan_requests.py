"""How a probe talks to the pages of a product: routes, logins, settings, each a request that people declare.

Secrets are never in the file: it names a file of its owner alone, or a variable of the environment.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sekisho.evidence.observation_words import Demanded, Kept, RouteContent, ShownIn
from sekisho.proof.plan_words import Body, FileName, LastPort, Status, WebPath
from sekisho.site.document import Name, Plain, Table, Word


class WebTable(Table):
    """`[web]`: the pages that users log in to."""

    port: LastPort = Field(description="The port, with TLS.", examples=[443])
    server_name: Name | None = Field(
        default=None,
        description="Name in the certificate; else the address.",
        examples=["kd-100.local"],
    )
    authority: FileName | None = Field(
        default=None,
        description="File with the certificate that must have signed the device's; without it the "
        "certificate is recorded and not verified, and no secret is sent but those of this profile.",
        examples=["ca.pem"],
    )


class RouteTable(Table):
    """One entry of `[[route]]`: a way into the product over HTTP."""

    method: Annotated[str, Field(pattern=r"^(GET|HEAD|OPTIONS)$")] = Field(
        default="GET", description="Only methods that change nothing.", examples=["GET"]
    )
    path: WebPath = Field(description="The path.", examples=["/settings"])
    content: Word[RouteContent] = Field(description="What is behind it.", examples=["settings"])
    open: Name | None = Field(
        default=None, description="Why it needs no login, where it needs none.", examples=["help"]
    )


class SecretTable(Table):
    """Where a secret is: a file that its owner alone can read, or a variable of the environment."""

    file: FileName | None = Field(default=None, description="A file.", examples=["password.txt"])
    env: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,63}$")] | None = Field(
        default=None, description="A variable.", examples=["DEVICE_PASSWORD"]
    )


class StepTable(Table):
    """One request: `$user $password $new $code $marker $token` in a field stand for their values."""

    path: WebPath = Field(description="Where it is sent.", examples=["/login"])
    method: Annotated[str, Field(pattern=r"^(POST|PUT|PATCH|DELETE)$")] = Field(
        default="POST", description="How.", examples=["POST"]
    )
    body: Word[Body] = Field(default=Body.FORM, description="As what.", examples=["form"])
    fields: dict[Plain, Annotated[str, Field(max_length=500)]] = Field(
        default_factory=dict,
        max_length=20,
        description="The fields.",
        examples=[{"user": "$user", "password": "$password"}],
    )
    file_field: Plain | None = Field(
        default=None, description="Of a file: the name of its field.", examples=["file"]
    )
    page: WebPath | None = Field(
        default=None,
        description="A page that is opened first, and whose hidden field is $token.",
        examples=["/login"],
    )
    token: Plain | None = Field(
        default=None, description="The name of that hidden field.", examples=["csrf"]
    )
    done: Word[tuple[Status, ...]] = Field(
        default=(200, 204, 303),
        min_length=1,
        max_length=10,
        description="Statuses that say: done. Every other one says: refused.",
        examples=[[303]],
    )
    leads_to: WebPath | None = Field(
        default=None,
        description="Where it must send its caller to, if it is done; for products that redirect either way.",
        examples=["/status"],
    )


class LoginTable(Table):
    """`[login]`: how a user logs in."""

    function: Plain = Field(default="web", description="A name for it.", examples=["web"])
    user: Name = Field(description="Whose login is used.", examples=["admin"])
    password: SecretTable = Field(
        description="The password; the one to set, where first use sets it."
    )
    step: StepTable = Field(description="The request that logs in.")
    locked: Word[tuple[Status, ...]] = Field(
        default=(429, 423),
        max_length=10,
        description="Statuses that say: no more words are taken for now.",
        examples=[[429]],
    )
    inside: WebPath = Field(
        description="A page that only a user sees, with status 200.", examples=["/status"]
    )


class FirstUseTable(Table):
    """`[first_use]`: what a new device asks for."""

    demands: Word[Demanded] = Field(description="What it asks for.", examples=["both"])
    code: SecretTable | None = Field(default=None, description="The secret of this one device.")
    step: StepTable = Field(description="The request that sets it up.")


class ChangeTable(Table):
    """`[change]`: how a user changes the password."""

    new: SecretTable = Field(description="The password to change to; it is in force afterwards.")
    step: StepTable = Field(description="The request.")


class SettingTable(Table):
    """`[setting]`: one setting that is given a value and looked for after power loss and deletion."""

    kept: Word[Kept] = Field(
        default=Kept.SETTING, description="Of what kind.", examples=["setting"]
    )
    name: Name = Field(description="Its name.", examples=["site name"])
    shown_at: WebPath = Field(description="The page that shows it.", examples=["/settings"])
    step: StepTable = Field(description="The request that sets it to $marker.")


class ShownTable(Table):
    """`[shown]`: where the model and the version are shown."""

    where: Word[ShownIn] = Field(
        default=ShownIn.USER_INTERFACE, description="To whom.", examples=["user-interface"]
    )
    path: WebPath = Field(description="The page.", examples=["/about"])
    model_after: Name = Field(description="The word before the model.", examples=["Model"])
    version_after: Name = Field(description="The word before the version.", examples=["Version"])
    nothing: Name | None = Field(
        default=None,
        description="What stands there where the product shows none.",
        examples=["not stated"],
    )
