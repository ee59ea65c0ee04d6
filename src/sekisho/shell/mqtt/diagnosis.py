"""Why the broker cannot be reached, in words that lead to the cause.

What a client sees of a failed connection is little: under TLS 1.3 the broker refuses a client's
certificate after the client believes that the handshake is done, and some brokers then say nothing.
So after a failure one bare connection is made, an MQTT CONNECT is sent, and what comes back is told.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import ssl
from typing import TYPE_CHECKING

from sekisho.terms.errors import Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.shell.mqtt.tls import Broker

_CONNACK = 0x20
_ACCEPTED = 0

_NOBODY = Text("そのポートで待ち受けがありません。", "Nobody listens at this port.")
_PORT = Text(
    "[north] の host と port、ブローカーが動いているかを確かめてください。",
    "Check host and port of [north], and that the broker runs.",
)
_UNREACHABLE = Text("ブローカーに届きません({why})。", "The broker cannot be reached ({why}).")
_NETWORK = Text("ネットワークを確かめてください。", "Check the network.")
_NO_TLS = Text("相手は TLS を話しません。", "The other end does not speak TLS.")
_TLS_PORT = Text(
    "MQTT over TLS のポート(通例 8883)を指定してください。",
    "Give the port of MQTT over TLS (usually 8883).",
)
_WRONG_BROKER = Text(
    "ブローカーの証明書を信頼できません({why})。",
    "The broker's certificate is not to be trusted ({why}).",
)
_VERIFY_JA = {
    2: "発行者の証明書が見つかりません",
    7: "証明書の署名が正しくありません",
    9: "証明書の有効期間がまだ始まっていません",
    10: "証明書の有効期限が切れています",
    18: "自己署名の証明書です",
    19: "信頼していない自己署名の証明書から発行されています",
    20: "発行者の証明書が、信頼する認証局にありません",
    21: "発行者をたどれず、証明書の署名を確かめられません",
    23: "証明書は失効しています",
    24: "発行者の証明書が認証局のものではありません",
    26: "証明書の用途が違います",
    62: "証明書の名前が接続先と違います",
    64: "証明書の IP アドレスが接続先と違います",
}
"""The commonest of OpenSSL's reasons, by its numbers (X509_V_ERR_*): its words differ by version."""
_STOP_HERE = Text(
    "なりすましの恐れがあります。ca と server_name が正しいか、ブローカーの管理者に確かめてください。",
    "It may be an impostor. Ask the broker's operator whether ca and server_name are right.",
)
_REFUSED_US = Text(
    "ブローカーがこちらの証明書を拒みました({why})。",
    "The broker refused our certificate ({why}).",
)
_OUR_CERTIFICATE = Text(
    "証明書の期限、発行者、失効をブローカーの管理者に確かめてください。",
    "Ask the broker's operator about our certificate: its end, its issuer, whether it was revoked.",
)
_NOT_KNOWN = Text(
    "ブローカーがこの証明書の持ち主を知りません(CONNACK {code})。",
    "The broker does not know the owner of our certificate (CONNACK {code}).",
)
_MAP = Text(
    "ブローカーの利用者一覧に証明書の名前を加えてもらってください。",
    "Have the name in the certificate added to the broker's users.",
)
_SILENT = Text(
    "接続はできますが、MQTT の返事がありません。", "The connection opens, but no MQTT answer comes."
)
_SILENT_DO = Text(
    "多くはブローカーがこちらの証明書を受け入れていないか、MQTT でないポートです。",
    "Usually the broker does not accept our certificate, or it is no MQTT port.",
)
_NOT_MQTT = Text("相手は MQTT を話しません。", "The other end does not speak MQTT.")
_NOT_PERMITTED = Text(
    "{topic} の購読をブローカーが許しません。", "The broker does not permit subscribing to {topic}."
)
_PERMIT = Text(
    "ブローカーの権限をトピックの一覧のとおりに直してください。",
    "Set the broker's permissions as the list of topics says.",
)
_PASSED = Text("接続が切れました。", "The connection was lost.")
_PASSED_DO = Text("自動でつなぎ直します。", "It is made again by itself.")


def not_permitted(broker: Broker, topic: str) -> Problem:
    """The broker refused a subscription."""
    where = f"{broker.host}:{broker.port}"
    return Problem(where, _NOT_PERMITTED.fill(topic=topic), _PERMIT)


async def diagnose(broker: Broker, tls: ssl.SSLContext, seconds: float = 3.0) -> Problem:
    """What stands in the way of a connection, found by making one."""
    where = f"{broker.host}:{broker.port}"
    name = broker.server_name or broker.host
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(
                broker.host, broker.port, ssl=tls, server_hostname=name
            )
    except ssl.SSLCertVerificationError as error:
        return Problem(where, _WRONG_BROKER.fill(why=_unverified(error)), _STOP_HERE)
    except ssl.SSLError as error:
        return _of_tls(where, error)
    except ConnectionRefusedError:
        return Problem(where, _NOBODY, _PORT)
    except TimeoutError:
        return Problem(where, _SILENT, _SILENT_DO)
    except ConnectionError:
        return Problem(where, _NO_TLS, _TLS_PORT)
    except OSError as error:
        why = error.strerror or str(error)
        return Problem(where, _UNREACHABLE.fill(why=why), _NETWORK)
    except ValueError as error:  # no name that could be looked up, or that TLS could ask for
        return Problem(where, _UNREACHABLE.fill(why=error), _NETWORK)
    try:
        return await _greeted(reader, writer, where, seconds)
    finally:
        writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(1):
                await writer.wait_closed()


async def _greeted(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, where: str, seconds: float
) -> Problem:
    try:
        async with asyncio.timeout(seconds):
            writer.write(_connect())
            answer = await reader.readexactly(4)
    except ssl.SSLError as error:
        return _of_tls(where, error)
    except TimeoutError:
        return Problem(where, _SILENT, _SILENT_DO)
    except (asyncio.IncompleteReadError, OSError):
        return Problem(where, _REFUSED_US.fill(why="closed"), _OUR_CERTIFICATE)
    if answer[0] != _CONNACK:
        return Problem(where, _NOT_MQTT, _TLS_PORT)
    if answer[3] != _ACCEPTED:
        return Problem(where, _NOT_KNOWN.fill(code=answer[3]), _MAP)
    return Problem(where, _PASSED, _PASSED_DO)


def _unverified(error: ssl.SSLCertVerificationError) -> Text:
    """The library's own words, which lead to its documentation; in Japanese what they mean."""
    words = error.verify_message
    return Text(_VERIFY_JA.get(error.verify_code, words), words)


def _of_tls(where: str, error: ssl.SSLError) -> Problem:
    reason = error.reason or str(error)
    if "ALERT" in reason:
        return Problem(where, _REFUSED_US.fill(why=reason), _OUR_CERTIFICATE)
    return Problem(where, _NO_TLS, _TLS_PORT)


def _connect() -> bytes:
    """A CONNECT of MQTT 3.1.1 with a clean session and a name nobody knows."""
    name = secrets.token_hex(10).encode("ascii")
    body = b"\x00\x04MQTT\x04\x02\x00\x05" + len(name).to_bytes(2, "big") + name
    return b"\x10" + bytes([len(body)]) + body
