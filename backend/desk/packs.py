"""City packs for the command line and the demo: checked by every room that has a say in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from backend.access.audit import append
from backend.city.check import check_pack
from backend.city.doubts import doubts as doubts_of
from backend.city.faults import Fault, Validator
from backend.city.load import LoadReport, load_pack
from backend.city.pack import Pack, read_pack
from backend.city.settings import line_of
from backend.city.toml_text import toml_text
from backend.desk import gone
from backend.store import Store
from backend.words import Message

_ANY_ZONE = "Asia/Shanghai"
FEW = 12
"""Tasks that a line names."""


def check(folder: Path) -> list[Fault]:
    """Every fault of a pack, the meaning of its policy, rules and feeds included."""
    return check_pack(folder, VALIDATORS)


def doubts(folder: Path) -> list[Message]:
    """What looks wrong with a pack that can be loaded, and may be right."""
    return doubts_of(read_pack(folder))


def load(store: Store, folder: Path, now: int, *, base: str = "", by: str = "") -> LoadReport:
    """Check a pack wholly and load it where nothing is wrong; see `backend.city.load.load_pack`.

    It puts people on the books and off them, so it is written down by whom it was loaded; and it is told where tasks
    are held by somebody whom it put out of service.
    """
    report = load_pack(store, folder, now, base=base, validators=VALIDATORS)
    if not report.ok:
        return report
    with store.write() as connection:
        append(
            connection, by, "city.load", folder.name, now,
            city=report.city, policy=report.policy_version, rules=report.rules_version,
            retired=" ".join(f"{name}={count}" for name, count in report.retired.items() if count),
        )  # fmt: skip
        left = gone.left_behind(connection)
    words = [Message("city.doubt.holder", {"count": len(left), "tasks": " ".join(sorted(left)[:FEW])})]
    return replace(report, doubts=(*report.doubts, *(words if left else ())))


def judge_policy(pack: Pack) -> Iterator[tuple[str, int, Message]]:
    """What the tasks and escalation rooms find wrong with ``policy.toml``: its clocks, and its steps."""
    from backend.escalation.policy import faults_of

    text = pack.texts.get("policy")
    if text is None:
        return
    zone = str(pack.city.facts.get("zone", _ANY_ZONE)) if pack.city.zone else _ANY_ZONE
    for fault in faults_of(text, zone):
        yield "policy.toml", fault.line, fault.message


def judge_canned(pack: Pack) -> Iterator[tuple[str, int, Message]]:
    """What the tasks room finds wrong with ``canned.toml``."""
    from backend.tasks.canned import faults_of

    for fault in faults_of(pack.texts["canned"]) if "canned" in pack.texts else ():
        yield "canned.toml", fault.line, fault.message


def judge_reports(pack: Pack) -> Iterator[tuple[str, int, Message]]:
    """What the rooms of scores and reports find wrong with ``scores.toml``, ``daily.toml`` and the templates."""
    from backend.reports import measures, templates
    from backend.scores import points

    for name, faults_of in (("scores", points.faults_of), ("daily", measures.faults_of)):
        for fault in faults_of(pack.texts[name]) if name in pack.texts else ():
            yield f"{name}.toml", fault.line, fault.message
    for name, text in pack.texts.items():
        if name.startswith(templates.KEY):
            file = name.removeprefix(templates.KEY)
            for line, message in templates.faults_of(file, text):
                yield f"templates/{file}", line, message


def judge_rules(pack: Pack) -> Iterator[tuple[str, int, Message]]:
    """What the alarms room finds wrong with ``rules.toml``."""
    from backend.alarms.rules_toml import faults

    for line, message in faults(pack.texts.get("rules", "")) if "rules" in pack.texts else ():
        yield "rules.toml", line, message


def judge_feeds(pack: Pack) -> Iterator[tuple[str, int, Message]]:
    """What the feeds room finds wrong with the adapters and options of ``feeds.toml``."""
    from backend.feeds.fault import OptionsError
    from backend.feeds.registry import prepare
    from backend.feeds.units import Parameters

    units = {row["code"]: row["unit"] for row in pack.rows("parameters").rows if row["code"]}
    parameters = Parameters.default(units, str(pack.city.facts.get("zone", _ANY_ZONE)))
    text = pack.texts.get("feeds", "")
    for feed in pack.feeds:
        if "adapter" not in feed.values:
            continue
        try:
            prepare(feed.values["adapter"], toml_text(feed.values.get("options", {})), parameters)
        except OptionsError as error:
            for fault in error.faults:
                key = fault.where.rpartition(".")[2].partition("[")[0]
                yield "feeds.toml", line_of(text, key, feed.line) if key else feed.line, fault.message


VALIDATORS: tuple[Validator, ...] = (judge_policy, judge_canned, judge_reports, judge_rules, judge_feeds)
