"""The table of acts: workflow.md's 25 rows, and the acts that move nothing.

An act that is not in this table does not exist; one that is in it is refused in any state but its own. The screens ask
the same table which acts they may offer, and why not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from backend.tasks.states import ENDED, FILED, LIVE, State

NONE: Final = ""
"""The state of a task that does not exist yet."""
SAME: Final = "same"
PRIOR: Final = "prior"
"""Back to the state it came from (design, decision 10)."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One row: who may do what in which states, and where it leads."""

    row: int
    """Its number in workflow.md; 0 for acts that other papers ask for."""
    kind: str
    sources: frozenset[str]
    to: str
    who: tuple[str, ...]
    """Any one of these: ``sys``, ``holder``, ``receiver``, ``verifier``, ``closer``, ``admin``, ``anyone``, or a role
    with the lowest tier that has it (``seat:T``; a supervisor has a seat's rights; ``level`` is the task's own)."""
    guards: tuple[str, ...]
    conflict: str
    """Conflict class of sync.md: A append, B guarded, C owner change, D irreversible, E idempotent."""
    offline: bool
    """Whether it may be done without the authority's answer."""
    recallable: bool = False


def _edge(
    row: int,
    kind: str,
    sources: frozenset[str] | set[str] | str,
    to: str,
    who: str,
    guards: str,
    rule: str,
) -> Edge:
    """``rule`` is the conflict class, ``+`` where it may be done offline, ``~`` where it can be recalled."""
    found = frozenset({sources}) if isinstance(sources, str) else frozenset(sources)
    return Edge(
        row, kind, found, to, tuple(who.split()), tuple(guards.split()), rule[0], "+" in rule, "~" in rule
    )


S = State
WORKED: Final = frozenset({S.ACCEPTED, S.ON_SITE})
TICKING: Final = FILED - {S.OFFERED, S.SUSPENDED}
"""States whose own clock runs."""

EDGES: Final[tuple[Edge, ...]] = (
    _edge(1, "propose", NONE, S.DRAFT, "sys seat:T", "proposal", "A+"),
    _edge(2, "file", S.DRAFT, S.OPEN, "seat:level sys", "own_filing there place trusted", "B+~"),
    _edge(3, "dismiss", S.DRAFT, S.CANCELLED, "seat:T", "critical_supervisor dismiss_reason", "D"),
    _edge(4, "merge", LIVE, S.MERGED, "seat:T", "ordinary merge_target merge_upward", "D"),
    _edge(
        5,
        "dispatch",
        S.OPEN,
        S.DISPATCHED,
        "seat:T sys",
        "auto_trusted to_whom there within on_duty co_known",
        "C+~",
    ),
    _edge(6, "accept", S.DISPATCHED, S.ACCEPTED, "holder", "", "B+~"),
    _edge(7, "return", {S.DISPATCHED, S.ACCEPTED}, S.RETURNED, "holder seat:T", "returns_left reason", "B+~"),
    _edge(
        8,
        "dispatch",
        S.RETURNED,
        S.DISPATCHED,
        "seat:T",
        "second_return to_whom there within on_duty elsewhere co_known",
        "C+~",
    ),
    _edge(9, "arrive", S.ACCEPTED, S.ON_SITE, "holder", "near", "B+~"),
    _edge(10, "report", S.ON_SITE, S.REPORTED, "holder", "result evidence", "B+~"),
    _edge(11, "verify_ok", S.REPORTED, S.CLOSED, "verifier", "independent evidence_in recheck", "D"),
    _edge(12, "verify_no", S.REPORTED, S.REWORK, "verifier", "independent reason", "C+~"),
    _edge(13, "resume", S.REWORK, S.ON_SITE, "holder", "", "B+~"),
    _edge(
        14,
        "suspend",
        WORKED,
        S.SUSPENDED,
        "supervisor:C",
        "critical_city asked_suspend review_date suspend_reason",
        "D",
    ),
    _edge(15, "unsuspend", S.SUSPENDED, PRIOR, "supervisor:C sys", "critical_city review_reached", "C"),
    _edge(16, "transfer", TICKING, S.OFFERED, "seat:T", "offers_left receiver there", "C"),
    _edge(17, "take", S.OFFERED, S.ACCEPTED, "receiver", "", "C+~"),
    _edge(18, "decline", S.OFFERED, PRIOR, "receiver", "reason", "B+~"),
    _edge(18, "offer_timeout", S.OFFERED, PRIOR, "sys", "offer_overdue", "B+"),
    _edge(
        19,
        "extend",
        TICKING,
        SAME,
        "supervisor:T",
        "ordinary extension_left in_time reason extension_length",
        "C",
    ),
    _edge(20, "escalate", LIVE, SAME, "sys seat:T", "level_above cause", "C+"),
    _edge(21, "hand_back", LIVE, SAME, "seat:level", "level_below before_breach note", "C"),
    _edge(22, "supervise", FILED, SAME, "supervisor:C", "", "C"),
    _edge(23, "reopen", S.CLOSED, S.REWORK, "closer", "ordinary reopen_window new_evidence", "D"),
    _edge(24, "void", FILED, S.CANCELLED, "supervisor:C", "ordinary reason", "D"),
    _edge(25, "force", FILED, SAME, "admin", "second_person forced_field there", "D"),
    # Beyond the table: sync.md's classes A and E, escalation semantics 3, decision 3, clock rule 1, row 14's asking.
    _edge(0, "note", LIVE | ENDED, SAME, "anyone", "note", "A+"),
    _edge(0, "attach", LIVE | ENDED, SAME, "anyone", "reference", "A+"),
    _edge(0, "call", LIVE | ENDED, SAME, "seat:T", "note", "A+"),
    _edge(0, "urge", FILED, SAME, "seat:T", "", "A+"),
    _edge(0, "mark_suspect", LIVE | ENDED, SAME, "sys seat:T", "reason", "A+"),
    _edge(0, "clear_suspect", LIVE | ENDED, SAME, "sys", "doubted", "A+"),
    _edge(0, "confirm_data", LIVE | ENDED, SAME, "seat:T", "doubted note", "B+"),
    _edge(0, "breach", LIVE, SAME, "sys", "", "A+"),
    _edge(0, "ack", LIVE, SAME, "seat:level", "", "E+"),
    _edge(0, "unack", LIVE, SAME, "sys", "ack_expired", "E+"),
    _edge(0, "ask_suspend", WORKED, SAME, "seat:T", "review_date suspend_reason", "B+~"),
    _edge(0, "ask_extend", TICKING, SAME, "seat:T", "ordinary reason extension_length", "B+~"),
    _edge(0, "ask_void", FILED, SAME, "seat:T", "ordinary reason", "B+~"),
    _edge(0, "ask_dismiss", S.DRAFT, SAME, "seat:T", "dismiss_reason", "B+~"),
    _edge(0, "deny", LIVE, SAME, "supervisor:T", "asked reason", "C"),
    _edge(0, "prioritise", LIVE, SAME, "seat:T", "new_priority reason", "C"),
    _edge(0, "identify", LIVE, SAME, "seat:T", "new_type", "C"),
    # Row 18's arbitration: the task about which it is, and the arbitration itself.
    _edge(0, "arbitrate", FILED, SAME, "sys", "", "A+"),
    _edge(0, "settle", S.OPEN, S.CLOSED, "seat:level", "arbitration verdict reason", "D"),
    _edge(0, "keep", FILED, SAME, "sys", "arbitrated", "C"),
    _edge(0, "assign", FILED - {S.OFFERED}, S.ACCEPTED, "sys", "arbitrated to_whom there", "C"),
    _edge(0, "lapse", FILED, S.CANCELLED, "sys", "arbitration", "D"),
    # Clock rule 2's proven outage of the line of whoever owes the clock.
    _edge(0, "hold", LIVE, SAME, "sys", "proof", "A+"),
    _edge(0, "release", LIVE, SAME, "sys", "", "A+"),
    _edge(0, "redue", LIVE, SAME, "sys", "order_due", "C"),
    _edge(0, "recall", LIVE | ENDED, SAME, "anyone", "recallable", "B"),
)
"""Every act there is."""

KINDS: Final = tuple(dict.fromkeys(edge.kind for edge in EDGES))


def _index() -> dict[tuple[str, str], Edge]:
    found: dict[tuple[str, str], Edge] = {}
    for edge in EDGES:
        for source in edge.sources:
            if (edge.kind, source) in found:
                raise ValueError(f"two rows for {edge.kind} from {source}")
            found[(edge.kind, source)] = edge
    return found


_BY_STATE: Final = _index()


def edge_of(kind: str, state: str) -> Edge | None:
    """The row for an act in a state."""
    return _BY_STATE.get((kind, state))


def edges_of(kind: str) -> tuple[Edge, ...]:
    """Every row of an act."""
    return tuple(edge for edge in EDGES if edge.kind == kind)
