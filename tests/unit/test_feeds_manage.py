"""Feeds as people manage them: files, presets, faults, switching; and keys that are kept out of the store."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from backend.clock import ManualClock
from backend.feeds import health, manage
from backend.feeds.fault import FeedError, OptionsError
from backend.feeds.manage import FeedSpec
from backend.feeds.presets import PRESETS, preset
from backend.feeds.registry import ADAPTERS, adapter, prepare
from backend.feeds.secret import read_secret
from backend.feeds.tables import Feed
from backend.feeds.units import Parameters
from backend.store import Store, table
from backend.words import Message, say
from tests.feeds.helpers import CSV_OPTIONS

GOOD = FeedSpec(code="county", adapter="mapped", url="http://upstream.test/data", options=CSV_OPTIONS)
TOML = """
format = "csv"
station = "station"
[feed]
code = "county"
name = "县级平台"
adapter = "mapped"
url = "http://upstream.test/data?from={since}"
every = 600
stale_after = 1800
secret = "county-key"
[auth]
header = "X-Key"
[time]
column = "time"
label = "end"
[[columns]]
column = "PM2.5"
parameter = "pm25"
"""


def codes(spec: FeedSpec) -> list[str]:
    return [fault.message.code for fault in manage.check(spec, Parameters.default())]


def test_a_feed_comes_from_a_file_and_keeps_its_words(store: Store, clock: ManualClock) -> None:
    spec = manage.read_spec(TOML)
    assert manage.check(spec, Parameters.default()) == []
    assert manage.add(store, spec, clock.now()).ok
    with store.read() as connection:
        (line,) = manage.list_feeds(connection)
        assert list(health.due(connection, clock.now())) == [line.feed.id]
    assert (line.feed.code, line.feed.name, line.feed.every, line.feed.stale_after) == (
        "county",
        "县级平台",
        600,
        1800,
    )
    assert line.feed.overlap == 10_800
    assert line.feed.options == TOML
    assert line.health.state == "new"


def test_a_feed_is_switched_and_removed(store: Store, clock: ManualClock) -> None:
    assert manage.add(store, GOOD, clock.now()).ok
    assert manage.add(store, GOOD, clock.now()).message.code == "feed.add.exists"
    assert manage.disable(store, "county", clock.now()).ok
    with store.read() as connection:
        assert [line.health.state for line in manage.list_feeds(connection)] == ["off"]
        assert list(health.due(connection, clock.now())) == []
    assert manage.enable(store, "county", clock.now() + 5).ok
    assert manage.again(store, "county", clock.now() + 9).ok
    with store.read() as connection:
        (line,) = manage.list_feeds(connection)
    assert (line.health.state, line.health.next_at, line.feed.enabled) == ("new", clock.now() + 9, True)
    assert manage.remove(store, "county").ok
    with store.read() as connection:
        assert manage.list_feeds(connection) == []
    for act in (
        manage.remove(store, "county"),
        manage.enable(store, "county", 1),
        manage.again(store, "county", 1),
    ):
        assert act.message.code == "feed.unknown"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "County 1"}, "feed.code.form"),
        ({"code": ""}, "feed.code.form"),
        ({"code": "x" * 41}, "feed.code.form"),
        ({"code": "\x1b[2J"}, "feed.code.form"),
        ({"adapter": "soap"}, "feed.adapter.unknown"),
        ({"url": ""}, "feed.url.form"),
        ({"url": "ftp://upstream.test/"}, "feed.url.form"),
        ({"url": "http://[::1/"}, "feed.url.form"),
        ({"url": "http://user:key@upstream.test/"}, "feed.url.key"),
        ({"secret": "county"}, "feed.secret.unused"),
        ({"options": CSV_OPTIONS + '[auth]\nheader = "X"\n'}, "feed.secret.unnamed"),
        ({"options": "format = "}, "feed.option.toml"),
    ],
)
def test_what_is_wrong_with_a_feed_is_said_and_nothing_is_stored(
    change: dict[str, str], code: str, store: Store, clock: ManualClock
) -> None:
    spec = replace(GOOD, **change)  # type: ignore[arg-type]
    assert code in codes(spec)
    outcome = manage.add(store, spec, clock.now())
    assert not outcome.ok
    assert outcome.message.code == code
    assert "\x1b" not in say(outcome.message, "zh")
    with store.read() as connection:
        assert connection.execute(select(table(Feed).c.id)).all() == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "feed.option.missing"),
        ("[feed]\ncode = 'x'", "feed.option.missing"),
        ("[feed]\ncode = 'x'\nadapter = 'mapped'\nevery = '1h'", "feed.option.type"),
        ("[feed]\ncode = 'x'\nadapter = 'mapped'\nevry = 60", "feed.option.unknown_near"),
        ("[feed", "feed.option.toml"),
    ],
)
def test_faults_of_a_file(text: str, code: str) -> None:
    with pytest.raises(OptionsError) as caught:
        manage.read_spec(text)
    assert code in [fault.message.code for fault in caught.value.faults]


def test_a_file_is_told_all_its_faults_at_once_with_their_lines() -> None:
    text = TOML.replace('code = "county"', 'code = "County 1"').replace('"end"', '"middle"')
    text = text.replace("every = 600", 'every = "10 min"').replace('parameter = "pm25"', 'parameter = "pm99"')
    text = text.replace("http://", "ftp://")
    _, faults = manage.examine(text + "colums = 1\n", Parameters.default())
    lines = text.splitlines()
    told = [
        (fault.line and lines[fault.line - 1].partition(" ")[0], fault.message.code) for fault in faults[:-1]
    ]
    assert told == [
        ("code", "feed.code.form"),
        ("url", "feed.url.form"),
        ("every", "feed.option.type"),
        ("label", "feed.option.choice"),
        ("parameter", "feed.option.parameter"),
    ]
    assert faults[-1].message.code == "feed.option.unknown_near"
    assert manage.examine(TOML, Parameters.default())[1] == []
    missing = manage.examine("[feed]\nadapter = 'mapped'", Parameters.default())[1]
    assert [fault.where for fault in missing if fault.where.startswith("feed")] == ["feed.code"]
    assert {"format", "station", "time.column"} <= {fault.where for fault in missing}


def test_every_preset_can_be_added_as_it_is(store: Store, clock: ManualClock) -> None:
    for name in PRESETS:
        spec = preset(name, city="菏泽市", url="http://upstream.test/v1.1")
        outcome = manage.add(store, spec, clock.now())
        assert outcome.ok, (name, outcome)
    with store.read() as connection:
        lines = {line.feed.code: line.feed for line in manage.list_feeds(connection)}
    assert lines["cnemc"].every == 1200
    assert lines["hj212"].every == 0


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("cnemc", {}, "feed.preset.option"),
        ("sensorthings", {}, "feed.preset.option"),
        ("soap", {}, "feed.preset.unknown"),
    ],
)
def test_what_a_preset_lacks_is_said(name: str, given: dict[str, str], code: str) -> None:
    with pytest.raises(OptionsError) as caught:
        preset(name, **given)
    assert [fault.message.code for fault in caught.value.faults] == [code]


def test_a_citys_name_is_data_never_settings(store: Store, clock: ManualClock) -> None:
    spec = preset("cnemc", city='菏泽"\nkind = "x')
    assert manage.add(store, spec, clock.now()).ok
    assert prepare("cnemc", spec.options, Parameters.default()).options.kind == "air"


@pytest.mark.parametrize("name", ADAPTERS)
def test_every_adapter_declares_what_it_is(name: str) -> None:
    found = adapter(name)
    assert found is not None
    declares = found.declares
    assert declares.speaks
    assert declares.label
    assert declares.zone
    assert declares.units
    assert declares.politeness.min_interval > 0
    assert adapter("soap") is None


def test_a_key_comes_from_the_environment_or_a_private_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIDSEAT_SECRET_COUNTY_KEY", " abc \n")
    assert read_secret("county-key") == "abc"
    monkeypatch.delenv("GRIDSEAT_SECRET_COUNTY_KEY")
    monkeypatch.setenv("GRIDSEAT_SECRETS", str(tmp_path))
    path = tmp_path / "county-key"
    path.write_text("def\n")
    path.chmod(0o600)
    assert read_secret("county-key") == "def"


@pytest.mark.parametrize(
    ("name", "text", "mode", "code"),
    [
        ("county", None, 0, "feed.secret.missing"),
        ("county", "abc", 0o644, "feed.secret.open"),
        ("county", "abc", 0o660, "feed.secret.open"),
        ("county", "", 0o600, "feed.secret.empty"),
        ("county", "a\nb", 0o600, "feed.secret.empty"),
        ("../county", "abc", 0o600, "feed.secret.name"),
        ("", "abc", 0o600, "feed.secret.name"),
    ],
)
def test_keys_that_are_refused(name: str, text: str | None, mode: int, code: str, tmp_path: Path) -> None:
    if text is not None:
        path = tmp_path / "county"
        path.write_text(text)
        path.chmod(mode)
    with pytest.raises(FeedError) as caught:
        read_secret(name, tmp_path)
    assert caught.value.message.code == code
    assert "abc" not in str(caught.value.message.args)


def test_the_store_never_holds_a_key(
    store: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.feeds.runner import poll_feed
    from tests.feeds.helpers import Answers, Sink, Waits, reply

    monkeypatch.setenv("GRIDSEAT_SECRET_COUNTY_KEY", "very-secret-value")
    assert manage.add(
        store, manage.read_spec(TOML.replace('header = "X-Key"', 'query = "token"')), clock.now()
    ).ok
    answers = Answers([reply("nope", 500)])
    poll_feed(store, 1, clock, Sink(), answers, pace=Waits().pace())
    assert answers.asked[0].query["token"] == "very-secret-value"
    assert store.path is not None
    with sqlite3.connect(store.path) as database:
        assert "very-secret-value" not in "\n".join(database.iterdump())
    database.close()


def test_what_a_setting_should_be_is_said_in_the_language_asked_for() -> None:
    for kind in ("str", "int", "number", "bool", "list", "dict", "texts", "tables"):
        told = Message("feed.option.type", {"where": "x", "expected": kind})
        assert kind == "number" or kind not in say(told, "zh")
        assert say(told, "zh") != say(told, "en")
        assert "feed.kind" not in say(told, "zh")
