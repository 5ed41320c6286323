"""The table of acts, row by row: what moves a task, who may, under which condition, and what happens to its clocks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from backend.tasks import clocks
from backend.tasks.edges import EDGES, KINDS, edges_of
from backend.tasks.machine import PERSONAL, enters_for, offered
from backend.tasks.ops import Who
from backend.tasks.states import ENDED, FILED, LIVE, State
from backend.words import LANGUAGES, say
from tests.unit.task_play import POLICY, START, SYS, Play, at_state, blank
from tests.unit.task_world import AD, CS, CV, DEPT, GM, GM_2, MS, MV, TS, TS_2, TV

REVIEW = {"reason": "weather", "review_at": START + 86400}
REPORT: dict[str, Any] = {"result": "put_out", "evidence": ["photo-1"]}

# workflow.md's 25 rows, written out again from the paper: row, act, from, to.
ANY = "OPEN DISPATCHED ACCEPTED ON_SITE REPORTED REWORK RETURNED SUSPENDED OFFERED"
TICKING = "OPEN DISPATCHED ACCEPTED ON_SITE REPORTED REWORK RETURNED"
PAPER = {
    1: ("propose", "", "DRAFT"),
    2: ("file", "DRAFT", "OPEN"),
    3: ("dismiss", "DRAFT", "CANCELLED"),
    4: ("merge", f"DRAFT {ANY}", "MERGED"),
    5: ("dispatch", "OPEN", "DISPATCHED"),
    6: ("accept", "DISPATCHED", "ACCEPTED"),
    7: ("return", "DISPATCHED ACCEPTED", "RETURNED"),
    8: ("dispatch", "RETURNED", "DISPATCHED"),
    9: ("arrive", "ACCEPTED", "ON_SITE"),
    10: ("report", "ON_SITE", "REPORTED"),
    11: ("verify_ok", "REPORTED", "CLOSED"),
    12: ("verify_no", "REPORTED", "REWORK"),
    13: ("resume", "REWORK", "ON_SITE"),
    14: ("suspend", "ACCEPTED ON_SITE", "SUSPENDED"),
    15: ("unsuspend", "SUSPENDED", "prior"),
    16: ("transfer", TICKING, "OFFERED"),
    17: ("take", "OFFERED", "ACCEPTED"),
    18: ("decline offer_timeout", "OFFERED", "prior"),
    19: ("extend", TICKING, "same"),
    20: ("escalate", f"DRAFT {ANY}", "same"),
    21: ("hand_back", f"DRAFT {ANY}", "same"),
    22: ("supervise", ANY, "same"),
    23: ("reopen", "CLOSED", "REWORK"),
    24: ("void", ANY, "CANCELLED"),
    25: ("force", ANY, "same"),
}
# What row 18's "arbitration task at the common superior" needs beside the 25 rows.
ARBITRATION = {("settle", "CLOSED"), ("assign", "ACCEPTED"), ("lapse", "CANCELLED")}
CLASSES = "ABDDCBBCBBDCBDCCCBCCCCDDD"
OFFLINE = "YYnnYYYYYYnYYnnnYYnYnnnnn"


def test_the_table_is_the_papers() -> None:
    for row, (kinds, sources, to) in PAPER.items():
        edges = [edge for edge in EDGES if edge.row == row]
        assert {edge.kind for edge in edges} == set(kinds.split()), row
        for edge in edges:
            assert edge.sources == set(sources.split() or [""]), (row, edge.kind)
            assert edge.to == to, row
            assert edge.conflict == CLASSES[row - 1], row
            assert edge.offline == (OFFLINE[row - 1] == "Y"), row
    assert {(e.kind, str(e.to)) for e in EDGES if e.row == 0 and e.to != "same"} == ARBITRATION


def test_every_state_is_reached_and_every_live_one_is_left() -> None:
    reached = {edge.to for edge in EDGES} - {"same", "prior"}
    assert reached == set(State)
    for state in LIVE:
        assert any(state in edge.sources and edge.to != "same" for edge in EDGES)
    assert {
        edge.kind for edge in EDGES for state in edge.sources if state in ENDED and edge.to != "same"
    } == {"reopen"}
    assert LIVE - {State.DRAFT} == FILED


@pytest.mark.parametrize("state", sorted(State))
def test_each_state_is_reached_in_play(state: str) -> None:
    play = at_state(state)
    assert play.task.live == (state in LIVE)
    assert (play.task.closed is None) == play.task.live
    assert play.task.live or all(segment.stopped is not None for segment in play.task.segments)


def test_the_whole_way_with_its_clocks() -> None:
    play, seen = Play(), []
    for who, kind, body in (
        (SYS, "propose", None),
        (TS, "file", {}),
        (TS, "dispatch", {"holder": "gm"}),
        (GM, "accept", {}),
        (GM, "arrive", {"distance": 300}),
        (GM, "report", REPORT),
        (TS, "verify_ok", {}),
    ):
        decision = play.wait(60).act(who, kind, body)
        assert decision.result == "applied", decision
        running = [(s.kind, s.target, s.holder) for s in play.task.segments if s.running]
        seen.append((play.task.state, running))
    total = ("TOTAL", 31 * 3600, "T1")
    assert seen == [
        ("DRAFT", [("TRIAGE", 1800, "T1")]),
        ("OPEN", [("DISPATCH", 900, "T1"), total]),
        ("DISPATCHED", [total, ("ACCEPT", 1800, "gm")]),
        ("ACCEPTED", [total, ("ARRIVE", 7200, "gm")]),
        ("ON_SITE", [total, ("DISPOSE", 86400, "gm")]),
        ("REPORTED", [total, ("VERIFY", 14400, "T1")]),
        ("CLOSED", []),
    ]
    assert play.task.version == 7
    assert (play.task.reporter, play.task.recorder, play.task.close_code) == ("gm", "", "put_out")
    assert play.task.breaches == ""


def refused(play: Play, who: Who, kind: str, body: dict[str, Any] | None = None, **rest: Any) -> str:
    """The reason; the task must not have moved, and the reason must have words."""
    before = play.task
    decision = play.act(who, kind, body, **rest)
    assert decision.result == "refused", decision
    assert play.task == before
    for language in LANGUAGES:
        words = say(decision.message, language)
        assert "task.refused" not in words
        assert "{" not in words, words
    return decision.code.removeprefix("task.refused.")


def applied(play: Play, who: Who, kind: str, body: dict[str, Any] | None = None, **rest: Any) -> None:
    decision = play.act(who, kind, body, **rest)
    assert decision.result == "applied", (decision.code, decision.args)


def test_a_refusal_names_the_state_and_who_brought_it_there() -> None:
    play = at_state("ACCEPTED")
    decision = play.act(TS, "dispatch", {"holder": "gm2"})
    assert decision.code == "task.refused.state"
    assert decision.args["state"] == "ACCEPTED"
    assert (decision.args["by"], decision.args["moved"], decision.args["at"]) == ("gm", "accept", START)
    assert refused(play, TS, "nonsense") == "kind"


# Who.


def test_only_the_holder_accepts_or_a_seat_by_phone_for_them() -> None:
    play = at_state("DISPATCHED")
    assert refused(play, GM_2, "accept") == "not_holder"
    assert refused(play, TS, "accept") == "not_holder"
    assert refused(play, TS, "accept", on_behalf="gm", channel="seat") == "not_holder"
    assert refused(play, TS, "accept", on_behalf="gm2", channel="phone") == "behalf"
    assert refused(play, AD, "accept", on_behalf="gm", channel="phone") in ("behalf", "not_holder")
    applied(play, TS, "accept", on_behalf="gm", channel="phone")
    assert play.task.moved_by == "ts"


def test_the_verifier_is_neither_reporter_nor_recorder() -> None:
    play = at_state("ON_SITE")
    applied(play, TS, "report", {"result": "put_out"}, on_behalf="gm", channel="phone")
    assert (play.task.reporter, play.task.recorder) == ("gm", "ts")
    for kind in ("verify_ok", "verify_no"):
        assert refused(play, TS, kind, {"reason": "x"}) == "recorder"
        assert refused(play, GM, kind, {"reason": "x"}) == "role"
        assert refused(play, TS_2, kind, {"reason": "x"}, on_behalf="cs", channel="phone") == "own_act"
    # One seat: its supervisor, or the tier above.
    for who in (TS_2, TV, CS, MV):
        assert replace_act(play, who, "verify_ok") == "applied"


def replace_act(play: Play, who: Who, kind: str, body: dict[str, Any] | None = None, **rest: Any) -> str:
    """What would become of an act, without doing it."""
    copy = Play(play.task, play.now, play.policy, play.other, play.last)
    return copy.act(who, kind, body, **rest).result


def test_a_duty_room_holds_as_a_body_and_reports_in_person() -> None:
    play = at_state("OPEN")
    applied(play, CS, "dispatch", {"holder": "T1", "holder_kind": "centre"})
    assert refused(play, CS, "accept") == "not_holder"
    applied(play, TS, "accept")
    applied(play, TS, "arrive", {"distance": 0})
    applied(play, TS, "report", REPORT)
    assert play.task.reporter == "ts"
    assert refused(play, TS, "verify_ok") == "reporter"
    applied(play, TS_2, "verify_ok")


@pytest.mark.parametrize(
    ("level", "supervised", "may", "may_not"),
    [("T", False, (TS_2, CS, MS), ()), ("C", False, (CS, MS), (TS_2, TV)), ("M", False, (MS, MV), (CS, CV)),
     ("T", True, (MS, MV), (TS_2, CV))],
)  # fmt: skip
def test_the_verifying_tier_follows_level_and_supervision(
    level: str, supervised: bool, may: tuple[Who, ...], may_not: tuple[Who, ...]
) -> None:
    play = at_state("REPORTED")
    play.task = replace(play.task, level=level, supervised=supervised)
    for who in may:
        assert replace_act(play, who, "verify_ok") == "applied"
    for who in may_not:
        assert refused(play, who, "verify_ok") == "tier"


def test_a_member_and_an_administrator_do_no_seats_work() -> None:
    for who in (GM, AD):
        assert refused(at_state("OPEN"), who, "dispatch", {"holder": "gm"}) == "role"
        assert refused(at_state("DRAFT"), who, "file") == "role"


# Conditions.


def test_filing_needs_a_township_and_trusted_data() -> None:
    play = Play(blank(township=""))
    applied(play, SYS, "propose")
    assert refused(play, TS, "file") == "place"
    applied(play, TS, "file", {"township": "371702001", "county": "371702"})
    assert play.task.township == "371702001"
    play = Play(blank(suspect=True))
    applied(play, SYS, "propose")
    assert refused(play, TS, "file") == "suspect"
    assert refused(play, TS, "file", {"confirmed": "yes"}) == "suspect"
    applied(play, TS, "file", {"confirmed": True})
    assert not play.task.suspect_data


def test_a_critical_draft_is_dismissed_by_a_supervisor_with_a_known_reason() -> None:
    play = at_state("DRAFT", "critical")
    assert refused(play, TS, "dismiss", {"reason": "false_alarm"}) == "critical_supervisor"
    assert refused(play, TV, "dismiss", {"reason": "too hot"}) == "reason"
    assert refused(play, TV, "dismiss") == "missing"
    applied(play, TV, "dismiss", {"reason": "false_alarm"})
    assert (play.task.state, play.task.close_code) == ("CANCELLED", "false_alarm")


def test_what_can_not_be_taken_back_needs_the_line_but_a_township_dismisses_a_false_alarm() -> None:
    assert refused(at_state("REPORTED"), TS, "verify_ok", online=False) == "offline"
    assert refused(at_state("OPEN"), CV, "void", {"reason": "x"}, online=False) == "offline"
    assert refused(at_state("DRAFT"), TS, "dismiss", {"reason": "not_ours"}, online=False) == "offline"
    assert refused(at_state("DRAFT"), CS, "dismiss", {"reason": "false_alarm"}, online=False) == "offline"
    applied(at_state("DRAFT"), TS, "dismiss", {"reason": "false_alarm"}, online=False)


def test_nobody_is_sent_who_is_off_duty_and_no_suspect_task_by_a_rule() -> None:
    play = at_state("OPEN")
    assert refused(play, TS, "dispatch") == "missing"
    assert refused(play, TS, "dispatch", {"holder": "gm", "on_duty": False}) == "nobody"
    assert refused(play, TS, "dispatch", {"holder": "gm", "holder_kind": "robot"}) == "schema"
    play.task = replace(play.task, suspect_data=True)
    assert refused(play, SYS, "dispatch", {"holder": "gm"}) == "suspect"
    applied(play, TS, "dispatch", {"holder": "gm"})


def test_two_returns_then_the_county_sends_it_and_nobody_gives_it_back() -> None:
    play = at_state("DISPATCHED")
    assert refused(play, GM, "return") == "missing"
    applied(play, GM, "return", {"reason": "not mine"})
    assert refused(play, TS, "dispatch", {"holder": "gm"}) == "same_holder"
    applied(play, TS, "dispatch", {"holder": "gm2"})
    applied(play, GM_2, "accept")
    applied(play, TS, "return", {"reason": "wrong place"})
    assert refused(play, TS, "dispatch", {"holder": "gm"}) == "tier"
    applied(play, CS, "dispatch", {"holder": "gm"})
    assert refused(play, GM, "return", {"reason": "again"}) == "returns"


def test_arriving_needs_a_place_near_by_or_a_reason() -> None:
    play = at_state("ACCEPTED")
    assert refused(play, GM, "arrive") == "no_place"
    assert refused(play, GM, "arrive", {"distance": 301}) == "far"
    assert replace_act(play, GM, "arrive", {"distance": 301, "reason": "road closed"}) == "applied"
    assert replace_act(play, TS, "arrive", on_behalf="gm", channel="phone") == "applied"
    applied(play, GM, "arrive", {"distance": 300})


def test_a_report_needs_a_known_result_and_evidence_which_must_arrive_before_closing() -> None:
    play = at_state("ON_SITE")
    assert refused(play, GM, "report", {"evidence": ["p"]}) == "missing"
    assert refused(play, GM, "report", {"result": "fine", "evidence": ["p"]}) == "reason"
    assert refused(play, GM, "report", {"result": "put_out"}) == "missing"
    applied(play, GM, "report", {"result": "put_out", "pending": ["p1", "p2"]})
    assert refused(play, TS, "verify_ok") == "evidence_pending"
    applied(play, GM, "attach", {"ref": "p1"})
    assert refused(play, TS, "verify_ok") == "evidence_pending"
    applied(play, GM, "attach", {"ref": "p2"})
    applied(play, TS, "verify_ok")


def test_data_are_looked_at_again_where_the_policy_asks_for_it() -> None:
    play = at_state("REPORTED")
    play.policy = replace(POLICY, limits=replace(POLICY.limits, recheck=frozenset({"straw"})))
    assert refused(play, TS, "verify_ok") == "recheck"
    assert refused(play, TS, "verify_ok", {"recheck": "still high"}) == "recheck"
    applied(play, TS, "verify_ok", {"recheck": "clean"})


def test_rework_has_half_the_time_and_the_same_clock_when_it_goes_on() -> None:
    play = at_state("REWORK")
    clock = play.task.clock("DISPOSE")
    assert clock is not None
    assert clock.target == 43200
    applied(play.wait(100), GM, "resume")
    assert play.task.clock("DISPOSE") == clock
    assert play.task.reworks == 1


def test_suspension_is_asked_granted_by_another_and_ends_where_it_came_from() -> None:
    for state in ("ACCEPTED", "ON_SITE"):
        play = at_state(state)
        assert refused(play, CV, "suspend", REVIEW) == "not_asked"
        assert refused(play, TS, "ask_suspend", {"reason": "weather"}) == "missing"
        assert refused(play, TS, "ask_suspend", REVIEW | {"reason": "tired"}) == "reason"
        assert refused(play, TS, "ask_suspend", REVIEW | {"review_at": START + 31 * 86400}) == "review_date"
        applied(play, TS, "ask_suspend", REVIEW)
        assert refused(play, TV, "suspend", REVIEW) == "tier"
        assert refused(play, replace(CV, actor="ts"), "suspend", REVIEW) == "asker"
        applied(play, CV, "suspend", REVIEW)
        stage = next(s for s in play.task.segments if s.stopped is None and s.kind != "TOTAL")
        total = play.task.clock("TOTAL")
        assert total is not None
        assert (stage.paused, total.running, play.task.due) == (True, True, None)
        assert refused(play, SYS, "unsuspend") == "too_early"
        play.now = START + 86400
        applied(play, SYS, "unsuspend")
        assert play.task.state == state
        assert clocks.elapsed(play.task.segments[-1], play.now, {}) == 0


def test_a_critical_suspension_is_the_citys() -> None:
    play = at_state("ACCEPTED", "critical")
    applied(play, TS, "ask_suspend", REVIEW)
    assert refused(play, CV, "suspend", REVIEW) == "tier"
    applied(play, MV, "suspend", REVIEW)
    assert refused(play, CV, "unsuspend") == "tier"
    applied(play, MV, "unsuspend")


def test_a_transfer_is_taken_with_the_receivers_clock_or_given_back_with_the_givers() -> None:
    play = at_state("ACCEPTED")
    assert refused(play, TS, "transfer", {"receiver": "gm"}) == "same_holder"
    applied(play.wait(600), TS, "transfer", {"receiver": "D1"})
    assert refused(play, TS, "take") == "not_receiver"
    assert refused(play, GM, "arrive", {"distance": 1}) == "state"
    taken = Play(play.task, play.now + 300)
    applied(taken, DEPT, "take")
    arrive = taken.task.clock("ARRIVE")
    assert arrive is not None
    assert (taken.task.holder, taken.task.holder_kind, taken.task.department) == ("D1", "department", "D1")
    assert (arrive.started, arrive.holder, arrive.carried) == (START + 900, "D1", 0)
    applied(play.wait(300), TS, "decline", {"reason": "not ours"}, on_behalf="D1", channel="phone")
    back = play.task.clock("ARRIVE")
    assert back is not None
    assert (play.task.state, play.task.holder, play.task.offers) == ("ACCEPTED", "gm", 1)
    assert clocks.elapsed(back, play.now, {}) == 600
    applied(play, TS, "transfer", {"receiver": "D2"})
    assert refused(play.wait(1800), SYS, "offer_timeout") == "too_early"
    applied(play.wait(1), SYS, "offer_timeout")
    assert refused(play, TS, "transfer", {"receiver": "D1"}) == "offers"
    applied(play, CS, "transfer", {"receiver": "D1"})


def test_the_first_extension_is_the_townships_the_second_the_countys_and_there_is_no_third() -> None:
    play = at_state("ON_SITE")
    more = {"reason": "rain", "seconds": 3600}
    assert refused(play, TS, "extend", more) == "role"
    assert refused(play, TV, "extend", {"seconds": 3600}) == "missing"
    assert refused(play, TV, "extend", {"reason": "rain", "seconds": 10**6}) == "extension_length"
    applied(play.wait(3600), TV, "extend", more)
    clock = play.task.clock("DISPOSE")
    assert clock is not None
    assert (clock.target, clock.carried, play.task.due) == (90000, 3600, START + 90000)
    assert refused(play, TV, "extend", more) == "tier"
    applied(play, CV, "extend", more)
    assert refused(play, CV, "extend", more) == "extensions"
    # Another clock that was missed (the county has not answered) does not stand in the way.
    other = at_state("ON_SITE")
    applied(other, TS, "escalate", {"reason": "x"})
    applied(other.wait(3601), CV, "extend", more)
    late = at_state("ON_SITE").wait(86401)
    assert refused(late, TV, "extend", more) == "overdue"
    assert replace_act(at_state("ON_SITE").wait(86400), TV, "extend", more) == "applied"


def test_escalation_starts_the_upper_tiers_clock_and_acknowledging_stops_only_that() -> None:
    play = at_state("DISPATCHED", "high")
    assert refused(play, TS, "escalate") == "missing"
    applied(play, TS, "escalate", {"reason": "big fire"})
    ack = play.task.clock("LEVEL_ACK")
    assert ack is not None
    assert (play.task.level, play.task.level_acked, ack.target, ack.holder) == ("C", False, 900, "C")
    assert refused(play, TS, "ack") == "tier"
    applied(play.wait(60), CS, "ack")
    assert play.task.clock("LEVEL_ACK") is None
    assert play.task.clock("ACCEPT") is not None
    assert play.task.ack_expires == START + 60 + 1800
    assert play.act(CS, "ack").result == "same"
    applied(play.wait(60), GM, "accept")
    assert play.task.ack_expires == START + 120 + 1800
    assert refused(play.wait(2399), SYS, "unack") == "too_early"
    applied(play.wait(1), SYS, "unack")
    assert play.task.clock("LEVEL_ACK") is not None
    applied(play, CS, "escalate", {"reason": "x", "to_level": "M"})
    assert refused(play, MS, "escalate", {"reason": "x"}) == "top_level"
    assert refused(play, CS, "hand_back", {"note": "x"}) == "tier"
    assert refused(play, MS, "hand_back") == "missing"
    applied(play, MS, "hand_back", {"note": "yours"})
    applied(play, CS, "hand_back", {"note": "yours"})
    assert refused(play, CS, "hand_back", {"note": "x"}) == "bottom_level"


def test_a_missed_clock_is_a_fact_and_stops_handing_back() -> None:
    play = at_state("DISPATCHED", "high")
    applied(play, TS, "escalate", {"reason": "x"})
    play.wait(601)
    assert refused(play, CS, "hand_back", {"note": "x"}) == "overdue"
    decision = play.act(GM, "accept")
    assert [segment.kind for segment in decision.breached] == ["ACCEPT"]
    assert play.task.breaches == "ACCEPT"
    applied(play, CS, "hand_back", {"note": "x"})
    assert play.task.breaches == "ACCEPT"


def test_a_move_by_the_accountable_tier_acknowledges() -> None:
    play = at_state("OPEN")
    applied(play, TS, "escalate", {"reason": "x"})
    applied(play, TS, "dispatch", {"holder": "gm"})
    assert play.task.clock("LEVEL_ACK") is not None
    applied(play, CS, "accept", on_behalf="gm", channel="phone")
    assert play.task.level_acked
    assert play.task.clock("LEVEL_ACK") is None


def test_a_priority_change_carries_what_was_used_up() -> None:
    play = at_state("ON_SITE").wait(3600)
    assert refused(play, TS, "prioritise", {"priority": "medium", "reason": "x"}) == "schema"
    applied(play, TS, "prioritise", {"priority": "critical", "reason": "school near by"})
    clock = play.task.clock("DISPOSE")
    assert clock is not None
    assert (clock.target, clock.carried, play.task.due) == (7200, 3600, START + 7200)
    assert refused(play, TS, "prioritise", {"priority": "low", "reason": "x"}) == "lower_supervisor"
    applied(play, TV, "prioritise", {"priority": "low", "reason": "x"})


def test_what_it_is_becomes_known_and_its_clocks_with_it() -> None:
    play = at_state("OPEN").wait(60)
    body = {
        "type": "site_dust",
        "title_code": "incident.title.report",
        "title_args": "{}",
        "department": "D7",
    }
    assert refused(play, GM, "identify", body) != ""
    assert refused(play, TS, "identify", body | {"title_code": ""}) == "missing"
    assert refused(play, TS, "identify", body | {"type": play.task.type}) == "schema"
    applied(play, TS, "identify", body)
    assert (play.task.type, play.task.title_code, play.task.department) == (
        "site_dust", "incident.title.report", "D7",
    )  # fmt: skip
    sent = at_state("ON_SITE")
    lead = sent.task.department
    applied(sent, TS, "identify", body)
    assert sent.task.department == lead


def test_reopening_within_the_window_by_the_closers_tier_later_by_the_city() -> None:
    play = at_state("CLOSED")
    total = next(s for s in play.task.segments if s.kind == "TOTAL")
    assert refused(play, TS, "reopen") == "missing"
    play.wait(7 * 86400 + 1)
    assert refused(play, CV, "reopen", {"evidence": ["p"]}) == "reopen_late"
    assert replace_act(play, MV, "reopen", {"evidence": ["p"]}) == "applied"
    play.wait(-1)
    applied(play, TS, "reopen", {"evidence": ["p"]})
    again = play.task.clock("TOTAL")
    assert again is not None
    assert again.carried == clocks.elapsed(total, play.now, {})
    assert (play.task.state, play.task.reworks, play.task.closed) == ("REWORK", 1, None)


def test_force_needs_a_second_person_and_a_field_it_may_set() -> None:
    play = at_state("DISPATCHED")
    body = {"field": "holder", "value": "gm2", "reason": "system error", "second": "mv"}
    assert refused(play, MV, "force", body) == "role"
    assert refused(play, AD, "force", body | {"second": "ad"}) == "second_person"
    assert refused(play, AD, "force", body | {"field": "state", "value": "CLOSED"}) == "schema"
    assert refused(at_state("OPEN"), AD, "force", body) == "schema"
    applied(play, AD, "force", body)
    assert (play.task.state, play.task.holder) == ("DISPATCHED", "gm2")


def test_late_evidence_keeps_the_breach_and_marks_the_escalation_superseded() -> None:
    play = at_state("ACCEPTED")
    applied(play.wait(7201), SYS, "escalate", {"cause": "ARRIVE"})
    early = {"distance": 5}
    applied(play.wait(60), GM, "arrive", early, occurred=START + 7000, uncertain=100)
    assert play.task.superseded
    assert play.task.breaches == "ARRIVE"
    unsure = at_state("ACCEPTED").wait(7300)
    applied(unsure, GM, "arrive", early, occurred=START + 7000, uncertain=201)
    assert not unsure.task.superseded


# Conflicts.


def test_an_act_that_was_prepared_before_an_owner_change_is_stale() -> None:
    play = at_state("OPEN")
    seen = play.task.version
    applied(play, TS, "escalate", {"reason": "x"})
    assert refused(play, TS, "dispatch", {"holder": "gm"}, version=seen) == "version"
    assert refused(play, TS, "dispatch", {"holder": "gm"}, version=None) == "version_needed"
    assert refused(play, TS, "dispatch", {"holder": "gm"}, version=99) == "version_ahead"
    # Acts of class B ask for the state only, and a note in between makes nothing stale.
    applied(play, TS, "note", {"note": "wind from the north"})
    applied(play, TS, "dispatch", {"holder": "gm"})
    applied(play, GM, "accept", version=None)


def test_a_clock_that_runs_out_meanwhile_does_not_refuse_a_dispatch() -> None:
    play = at_state("OPEN")
    seen = play.task.version
    applied(play, SYS, "escalate", {"cause": "clock", "to_level": "C"})
    assert play.task.level == "C"
    assert play.act(TS, "dispatch", {"holder": "gm"}, version=seen).result == "applied"


def test_a_task_that_is_voided_while_it_is_offered_waits_for_nobody() -> None:
    play = at_state("OFFERED")
    assert play.task.offered_to
    applied(play, CV, "void", {"reason": "made twice"})
    assert (play.task.state, play.task.offered_to, play.task.offered_kind) == ("CANCELLED", "", "")


def test_the_same_intent_twice_is_done_once_and_another_one_is_refused() -> None:
    play = at_state("OPEN")
    version = play.task.version
    applied(play, TS, "dispatch", {"holder": "gm"}, from_state="OPEN")
    again = play.act(TS_2, "dispatch", {"holder": "gm"}, from_state="OPEN", version=version)
    assert (again.result, again.args["by"]) == ("same", "ts")
    assert refused(play, TS_2, "dispatch", {"holder": "gm2"}, from_state="OPEN", version=version) == "moved"
    applied(play, GM, "accept", from_state="DISPATCHED")
    assert play.act(GM, "accept", from_state="DISPATCHED").result == "same"
    assert refused(play, TS, "accept", on_behalf="gm", channel="phone", from_state="DISPATCHED") == "moved"
    applied(play, GM, "arrive", {"distance": 1})
    assert refused(play, GM, "accept", from_state="DISPATCHED") == "moved"
    assert refused(play, TS, "return", {"reason": "x"}, from_state="DISPATCHED") == "moved"


def test_a_draft_that_is_merged_and_where_it_may_go() -> None:
    play = at_state("OPEN")
    assert refused(play, TS, "merge", {"into": "nothing"}) == "merge_target"
    play.other = replace(at_state("OPEN").task, id="T3-0001", township="371702002")
    assert refused(play, TS, "merge", {"into": "T3-0001"}) == "tier"
    assert replace_act(play, CS, "merge", {"into": "T3-0001"}) == "applied"
    play.other = replace(play.other, county="371703", township="371703001")
    assert refused(play, CS, "merge", {"into": "T3-0001"}) == "tier"
    play.other = replace(at_state("CLOSED").task, id="T1-0009")
    assert refused(play, MS, "merge", {"into": "T1-0009"}) == "merge_target"


# Recall.


def test_a_recall_within_the_window_puts_everything_back_as_if_nothing_had_been() -> None:
    play = at_state("OPEN")
    before = play.task
    play.wait(120)
    applied(play, TS, "dispatch", {"holder": "gm"}, id="op-1")
    play.wait(10)
    assert refused(play, TS_2, "recall", {"op": "op-1"}) == "recall_other"
    assert refused(play, TS, "recall", {"op": "op-0"}) == "recall_later"
    applied(play, TS, "recall", {"op": "op-1"})
    kept = (
        "state",
        "holder",
        "holder_kind",
        "moved_by",
        "moved_kind",
        "moved_at",
        "due",
        "due_clock",
        "level",
    )
    assert [getattr(play.task, name) for name in kept] == [getattr(before, name) for name in kept]
    assert play.task.version == before.version + 2
    clock = play.task.clock("DISPATCH")
    assert clock is not None
    assert clocks.elapsed(clock, play.now, {}) == 130
    assert play.task.clock("ACCEPT") is None
    assert refused(play, TS, "recall", {"op": "op-1"}) == "recall_later"
    applied(play, TS, "dispatch", {"holder": "gm2"})


def test_no_recall_after_the_window_after_another_act_or_of_what_is_for_good() -> None:
    play = at_state("OPEN")
    applied(play, TS, "dispatch", {"holder": "gm"}, id="op-1")
    assert refused(play.wait(11), TS, "recall", {"op": "op-1"}) == "recall_late"
    play = at_state("OPEN")
    applied(play, TS, "dispatch", {"holder": "gm"}, id="op-1")
    applied(play, GM, "accept")
    assert refused(play, TS, "recall", {"op": "op-1"}) == "recall_later"
    play = at_state("REPORTED")
    applied(play, TS, "verify_ok", id="op-1")
    assert refused(play, TS, "recall", {"op": "op-1"}) == "recall_never"


# What a screen may offer.


@pytest.mark.parametrize("state", sorted(State))
@pytest.mark.parametrize("who", [TS, TV, CS, CV, MS, MV, GM, AD, DEPT], ids=lambda who: who.actor)
def test_what_is_offered_is_what_would_not_be_refused_for_the_person_or_the_state(
    state: str, who: Who
) -> None:
    task = at_state(state).task
    answers = dict(offered(task, who, START, POLICY))
    assert set(answers) == set(PERSONAL)
    body = {
        "reason": "weather", "note": "n", "ref": "r", "holder": "gm9", "receiver": "D9", "receiver_kind": "department",
        "result": "put_out", "evidence": ["p"], "review_at": START + 86400, "seconds": 60, "priority": "critical",
        "township": "371702001", "into": "T1-0002X", "field": "centre", "value": "C1", "second": "mv", "distance": 1,
        "type": "another", "title_code": "incident.title.report",
    }  # fmt: skip
    for kind, reason in answers.items():
        play = Play(task, START, other=replace(at_state("OPEN").task, id="T1-0002X"))
        behalf = enters_for(task, who, kind)
        rest = {"on_behalf": behalf, "channel": "phone"} if behalf else {}
        content = body | ({"reason": "false_alarm"} if kind in ("dismiss", "ask_dismiss") else {})
        decision = play.act(who, kind, content, **rest)
        assert (decision.result == "applied") == (reason is None), (kind, decision.code, reason)


def test_a_seat_is_told_for_whom_it_would_enter_an_act() -> None:
    task = at_state("DISPATCHED").task
    assert enters_for(task, TS, "accept") == "gm"
    assert enters_for(task, GM, "accept") == ""
    assert enters_for(task, TS, "return") == ""
    assert enters_for(at_state("OFFERED").task, TS, "take") == "D1"
    assert enters_for(at_state("OFFERED").task, DEPT, "take") == ""


def test_every_act_has_words() -> None:
    for kind in KINDS:
        for language in LANGUAGES:
            for code in (f"act.{kind}", f"task.done.{kind}"):
                from backend.words import entry

                assert entry(code, language), code
    assert len(edges_of("dispatch")) == 2
