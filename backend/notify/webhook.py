"""A webhook: an HTTP POST with a JSON body, its dedup id in a header too, signed where the channel has a secret.

Headers and signature are those of Standard Webhooks (standardwebhooks.com, spec 1.0.0): ``webhook-id``,
``webhook-timestamp``, ``webhook-signature: v1,<base64 of HMAC-SHA256 over "id.timestamp.body">``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from contextlib import suppress
from zoneinfo import ZoneInfo

from backend.feeds.fault import FeedError
from backend.feeds.http import Ask, Fetcher, Reply, host_of
from backend.feeds.secret import read_secret
from backend.notify.channels import SECRET, Spec
from backend.notify.envelope import Envelope
from backend.notify.numbers import Numbers
from backend.notify.results import Failure
from backend.text import clean
from backend.words import Message
from backend.words.message import Scalar

TURNED_DOWN = frozenset({400, 413, 422})
"""It is this notice that the receiver does not want; all others mean the channel."""


def send(spec: Spec, envelope: Envelope, zone: ZoneInfo, now: int, fetcher: Fetcher, held: Numbers) -> None:
    """Send one notice.

    Raises:
        Failure: it did not get through, or nobody knows whether it did.
    """
    try:
        secret = read_secret(spec.secret) if spec.secret else ""
    except FeedError as error:
        raise Failure(error.message) from error
    body = envelope.body(zone, spec.template)
    headers = {
        "content-type": "application/json; charset=utf-8",
        "webhook-id": envelope.id,
        "webhook-timestamp": str(now),
        "idempotency-key": envelope.id,
    }
    url = spec.url.replace(SECRET, secret)
    if secret and SECRET not in spec.url:
        headers["webhook-signature"] = sign(secret, envelope.id, now, body)
    try:
        reply = fetcher.fetch(Ask(url, headers=headers, method="POST", body=body))
    except FeedError as error:
        raise Failure(hidden(error, secret)) from error
    _judge(spec, reply, now, secret, held)


def sign(secret: str, id_: str, at: int, body: bytes) -> str:
    """The signature of a body, as the receiver makes it too."""
    key = secret.encode()
    if secret.startswith("whsec_"):
        # One that is no base64 is taken as it is.
        with suppress(binascii.Error):
            key = base64.b64decode(secret[6:], validate=True)
    made = hmac.new(key, f"{id_}.{at}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(made).decode()


def hidden(error: FeedError, secret: str) -> Message:
    """What went wrong, without the secret that may be part of the address."""
    if not secret:
        return error.message
    args = {
        name: value.replace(secret, "***") if isinstance(value, str) else value
        for name, value in error.message.args.items()
    }
    return Message(error.message.code, args)


def _judge(spec: Spec, reply: Reply, now: int, secret: str, held: Numbers) -> None:
    text = reply.body[: held.read_bytes].decode("utf-8", "replace")
    said = clean(text.replace(secret, "***") if secret else text, limit=held.kept_characters)
    host = host_of(spec.url)
    if not 200 <= reply.status < 300:
        args: dict[str, Scalar] = {"host": host, "status": reply.status, "said": said}
        asked = reply.seconds("retry-after", now)
        wait = None if asked is None else min(asked, held.asked_wait_seconds)
        raise Failure(Message("channel.status", args), wait=wait, turned_down=reply.status in TURNED_DOWN)
    if spec.expects and spec.expects not in text:
        raise Failure(Message("channel.unexpected", {"host": host, "said": said}))
