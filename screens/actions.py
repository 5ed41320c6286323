"""The one table of actions: what a person can do, with which key, where, how dangerous it is, when it is off.

Bindings, the footer, the help screen, the palette and ``:`` commands, the key card and the manual's page of keys
all come from `ACTIONS`. One key has one meaning on all boards and pages; only dialogs have keys of their own.
To add an action: one line here, its words under ``action.<id>`` in ``backend/words/entries/action.py``
(``action.<id>.about`` where a sentence helps), and a method ``do_<id with _ for .>`` on the screen or the app.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from backend.words.say import Language
from screens.action import (
    Action,
    Danger,
    as_allowed,
    for_administrators,
    for_supervisors,
    in_replay,
    on_row,
    opening,
    where_allowed,
    with_desk,
)

if TYPE_CHECKING:
    from textual.binding import Binding

MAIN = ("overview", "stations", "alarms", "tasks", "feeds")
"""The main screens, in the order of their keys 1 to 5."""
LOOK, ACT, ARMED, GRAVE = Danger
BOARDS = ("board",)
VIEWS = ("board", "page")
LISTS = ("overview", "grid", "source", "incident", "hotspots", "hotgrid", "trace")
"""Screens that are no board themselves and have some in them, whose rows can be opened."""
ROWS = (*BOARDS, *LISTS, "station", "feed", "hourly")
"""All screens with rows."""
TASKS = ("tasks", "task")
ALARMS = ("alarms", "alarm")
TRIAGE = "triage"
COMPLAINTS = ("complaints", "complaint")
ORDERS = ("orders", "order")
DUTY = ("duty", "hours")
REPORTS = ("reports", "report")
REVIEW = ("quality", "span")
TRACED = ("station", "stations", *ALARMS, TRIAGE, "grid", "hotspots", "hotgrid")
"""Where the source of what is selected can be looked for."""

# fmt: off
ACTIONS: tuple[Action, ...] = (
    # The five main screens.
    Action("go.overview", ("1",), ("app",), names=("overview", "o")),
    Action("go.stations", ("2",), ("app",), names=("stations", "st")),
    Action("go.alarms", ("3",), ("app",), names=("alarms", "al")),
    Action("go.tasks", ("4",), ("app",), names=("tasks", "ta")),
    Action("go.feeds", ("5",), ("app",), names=("feeds", "fe")),
    # Moving about.
    Action("move.down", ("down", "j"), VIEWS),
    Action("move.up", ("up", "k"), VIEWS),
    Action("move.page_down", ("pagedown", "ctrl+f"), VIEWS),
    Action("move.page_up", ("pageup",), VIEWS),
    Action("move.half_down", ("ctrl+d",), VIEWS),
    Action("move.half_up", ("ctrl+u",), VIEWS),
    Action("move.first", ("home", "g"), VIEWS),
    Action("move.last", ("end", "G"), VIEWS),
    Action("move.next_tab", ("right", "l"), VIEWS, rank=62),
    Action("move.previous_tab", ("left", "h"), VIEWS),
    Action("move.next_part", ("tab",), ("app",)),
    Action("move.previous_part", ("shift+tab",), ("app",)),
    # What every board can do.
    Action("board.open", ("enter",), (*BOARDS, *LISTS, "station"), rank=1, off=opening),
    Action("board.filter", ("slash",), ROWS, rank=60, names=("filter",), takes="ui.takes.text"),
    Action("board.sort", ("s",), ROWS, rank=61, names=("sort",), takes="ui.takes.column"),
    Action("board.reverse", ("S",), ROWS),
    Action("board.news", ("n",), (*BOARDS, *LISTS)),
    Action("board.mark", ("space",), BOARDS, off=on_row),
    Action("board.unmark", ("minus",), BOARDS),
    Action("board.faces", ("o",), ("board", "page"), rank=50, off=on_row),
    Action("board.copy", ("y",), ("board", "page"), off=on_row, names=("copy",)),
    Action("board.save", ("Y",), (*ROWS, "task", "alarm", "report", "shiftlog"), off=with_desk, names=("csv", "save")),
    Action("app.reload", ("r", "f5"), ("app",), names=("reload",), off=with_desk),
    # Alarms.
    Action("alarm.acknowledge", ("a",), (*ALARMS, TRIAGE, "overview", "notices"), rank=2, danger=ACT, off=as_allowed,
           names=("ack",)),
    Action("alarm.shelve", ("z",), (*ALARMS, TRIAGE), rank=3, danger=ACT, off=as_allowed, asks=True, names=("shelve",)),
    Action("alarm.unshelve", ("Z",), ALARMS, danger=ACT, off=as_allowed, names=("unshelve",)),
    Action("window.plan", ("left_parenthesis",), ALARMS, rank=24, danger=ACT, off=where_allowed, asks=True,
           names=("maintenance", "window")),
    Action("window.end", ("right_parenthesis",), ("alarms",), rank=25, danger=ARMED, off=as_allowed, asks=True,
           names=("window-end",)),
    # The triage desk.
    Action("go.triage", ("0",), ("app",), rank=93, off=with_desk, names=("desk", "tr")),
    Action("triage.contract", ("comma",), (TRIAGE, *REVIEW), rank=12, danger=ACT, off=as_allowed, asks=True,
           names=("contractor",)),
    Action("triage.camera", ("apostrophe",), (TRIAGE,), rank=24, off=as_allowed, asks=True, names=("camera",)),
    Action("triage.take", ("at",), (TRIAGE,), rank=25, danger=ACT, off=as_allowed, names=("takeover",)),
    # Incidents and tasks.
    Action("incident.intake", ("i",), ("app",), rank=9, danger=ACT, off=with_desk,
           asks=True, names=("intake", "new")),
    Action("task.triage", ("t",), (*ALARMS, *TASKS, "incident"), rank=4, danger=ACT, off=as_allowed, names=("triage",)),
    Action("task.dispatch", ("d",), (*ALARMS, *TASKS, TRIAGE, "overview", "trace"), rank=3, danger=ACT, off=as_allowed,
           asks=True, names=("dispatch",)),
    Action("task.phone", ("p",), (*TASKS, "overview", *DUTY, "handover"), rank=5, danger=ACT, off=as_allowed,
           asks=True, names=("phone",)),
    Action("task.verify", ("v",), (*TASKS, "overview"), rank=6, danger=ACT, off=as_allowed, asks=True,
           names=("verify", "settle")),
    Action("task.ack", ("c",), TASKS, rank=7, danger=ACT, off=as_allowed, names=("charge",)),
    Action("task.urge", ("w",), (*TASKS, "supervise"), rank=7, danger=ACT, off=as_allowed, names=("urge",)),
    Action("task.supervise", ("D",), (*TASKS, "supervise"), rank=20, danger=ACT, off=as_allowed,
           asks=True, names=("supervise",)),
    Action("task.escalate", ("e",), TASKS, rank=8, danger=ACT, off=as_allowed,
           asks=True, names=("escalate",)),
    Action("task.hand_back", ("E",), TASKS, danger=ACT, off=as_allowed, asks=True, names=("handback",)),
    Action("task.extend", ("x",), TASKS, rank=21, danger=ACT, off=as_allowed, asks=True, names=("extend",)),
    Action("task.return", ("b",), TASKS, rank=22, danger=ACT, off=as_allowed, asks=True, names=("return",)),
    Action("task.suspend", ("u",), TASKS, danger=ARMED, off=as_allowed, asks=True, names=("suspend",)),
    Action("task.unsuspend", ("U",), TASKS, danger=ACT, off=as_allowed, asks=True, names=("unsuspend",)),
    Action("task.transfer", ("T",), TASKS, danger=ACT, off=as_allowed, asks=True, names=("transfer",)),
    Action("task.take", ("K",), TASKS, danger=ACT, off=as_allowed, asks=True, names=("take",)),
    Action("task.dismiss", ("X",), (*ALARMS, *TASKS, TRIAGE), rank=10, danger=ARMED, off=as_allowed,
           asks=True, names=("dismiss",)),
    Action("task.merge", ("M",), (*TASKS, TRIAGE), rank=11, danger=ARMED, off=as_allowed, asks=True, names=("merge",)),
    Action("task.reopen", ("O",), TASKS, danger=ARMED, off=as_allowed, asks=True, names=("reopen",)),
    Action("task.void", ("ctrl+x",), TASKS, danger=GRAVE, off=as_allowed, asks=True, names=("void",)),
    Action("task.force", (), TASKS, danger=GRAVE, off=as_allowed, asks=True, names=("force",)),
    Action("task.sheet", ("ctrl+o",), TASKS, danger=ACT, off=on_row, names=("sheet", "print")),
    Action("task.sheet_in", ("ctrl+k",), TASKS, danger=ACT, off=with_desk, asks=True, names=("sheet-in", "key-in")),
    Action("task.note", ("m",), (*TASKS, *DUTY, "incident", "handover", "report"), rank=23, danger=ACT, off=on_row,
           asks=True, names=("note",)),
    Action("task.recall", ("R",), (*ALARMS, *TASKS, TRIAGE, "overview"), danger=ACT, off=with_desk, names=("recall",)),
    # Complaints and orders from above.
    Action("go.complaints", ("C",), ("app",), names=("complaints", "co"), off=with_desk),
    Action("complaint.reply", ("greater_than_sign",), COMPLAINTS, rank=2, danger=ACT, off=as_allowed,
           asks=True, names=("reply",)),
    Action("complaint.call_back", ("less_than_sign",), COMPLAINTS, rank=3, danger=ACT, off=as_allowed,
           asks=True, names=("callback",)),
    Action("go.orders", ("9",), ("app",), names=("orders", "or"), off=with_desk),
    Action("order.issue", ("plus",), ("orders",), rank=2, danger=ACT, off=with_desk, asks=True, names=("issue",)),
    Action("order.amend", ("equals_sign",), ORDERS, rank=3, danger=ACT, off=as_allowed, asks=True, names=("amend",)),
    Action("order.withdraw", ("exclamation_mark",), ORDERS, rank=4, danger=ARMED, off=as_allowed,
           asks=True, names=("withdraw",)),
    # Feeds.
    Action("feed.poll", ("f",), ("feeds", "feed"), rank=2, danger=ACT, off=as_allowed, names=("poll",)),
    Action("feed.switch", ("ctrl+t",), ("feeds", "feed", "admin"), rank=4, danger=ARMED, off=as_allowed,
           asks=True, names=("feed-switch",)),
    Action("feed.asides", ("A",), ("feeds", "feed"), rank=3, off=on_row, names=("asides",)),
    # Duty.
    Action("go.duty", ("6",), ("app",), off=with_desk, names=("duty", "du")),
    Action("duty.shift", ("W",), DUTY, rank=2, danger=ACT, off=with_desk, names=("shift", "sign")),
    Action("duty.handover", ("H",), DUTY, rank=3, danger=ACT, off=with_desk, names=("handover",)),
    Action("duty.change", ("V",), DUTY, rank=4, danger=ACT, off=as_allowed, asks=True,
           names=("change",)),
    Action("duty.adopt", ("J",), DUTY, rank=6, danger=ACT, off=on_row, names=("adopt", "keep")),
    # A handover.
    Action("handover.sign", ("full_stop",), ("handover",), rank=2, danger=ACT, off=where_allowed,
           names=("countersign",)),
    Action("handover.sign_all", ("asterisk",), ("handover",), rank=3, danger=ARMED, off=as_allowed,
           asks=True, names=("countersign-all",)),
    Action("handover.taker", ("Q",), ("handover",), rank=4, danger=ACT, off=with_desk, asks=True,
           names=("taker",)),
    Action("handover.drop", (), ("handover",), danger=ARMED, off=with_desk, asks=True, names=("stay",)),
    # Reports.
    Action("go.reports", ("number_sign",), ("app",), names=("reports", "re"), off=with_desk),
    Action("report.step", ("right_square_bracket",), REPORTS, rank=2, danger=ARMED, off=as_allowed, asks=True,
           names=("next-step",)),
    Action("report.send_back", ("left_square_bracket",), REPORTS, rank=4, danger=ACT, off=as_allowed, asks=True,
           names=("send-back",)),
    Action("report.correct", ("tilde",), REPORTS, rank=5, danger=ACT, off=as_allowed, asks=True, names=("correct",)),
    Action("report.send", ("ampersand",), REPORTS, rank=3, danger=ACT, off=with_desk, asks=True,
           names=("contribute",)),
    # Source tracing.
    Action("source.find", ("f",), TRACED, rank=12, off=on_row, names=("trace", "find-source")),
    # Hot grids on the map.
    Action("go.hotspots", ("semicolon",), ("app",), rank=92, off=with_desk, names=("hotspots", "map")),
    Action("map.next", ("f3",), ("hotspots",), rank=2, off=with_desk, names=("next-hot",)),
    Action("map.previous", ("f4",), ("hotspots",), rank=10, off=with_desk, names=("previous-hot",)),
    Action("map.parameter", ("f6", "dollar_sign"), ("hotspots",), rank=3, off=with_desk,
           names=("parameter",), takes="maps.takes.parameter"),
    Action("map.level", ("f7",), ("hotspots",), rank=4, off=with_desk, names=("layer",),
           takes="maps.takes.layer"),
    Action("map.play", ("f8", "vertical_line"), ("hotspots",), rank=6, off=with_desk, names=("play",)),
    Action("map.zoom", ("f9", "backslash"), ("hotspots",), rank=7, off=with_desk, names=("zoom",)),
    Action("map.earlier", ("left_curly_bracket",), ("hotspots",), rank=5, off=with_desk, names=("earlier",)),
    Action("map.later", ("right_curly_bracket",), ("hotspots",), rank=5, off=with_desk, names=("later",)),
    Action("map.measure", ("quotation_mark",), ("hotspots",), rank=8, off=with_desk, names=("measure",)),
    Action("map.letters", ("grave_accent",), ("hotspots",), rank=9, off=with_desk, names=("letters",)),
    Action("map.export", ("f12",), ("hotspots",), rank=11, off=with_desk, asks=True, names=("export",)),
    # The forecast.
    Action("go.forecast", ("circumflex_accent",), ("app",), off=with_desk, names=("forecast", "fc")),
    Action("station.forecast", ("F",), ("station", "stations"), rank=13, off=on_row, names=("hours-ahead",)),
    # Data quality.
    Action("go.quality", ("percent_sign",), ("app",), off=with_desk, names=("quality", "qu")),
    Action("review.confirm", ("f2",), REVIEW, rank=2, danger=ACT, off=as_allowed, asks=True, names=("confirm",)),
    Action("review.overturn", ("ctrl+w",), REVIEW, rank=3, danger=ACT, off=as_allowed, asks=True,
           names=("overturn",)),
    Action("review.reopen", (), REVIEW, danger=ACT, off=as_allowed, asks=True, names=("take-back",)),
    # Supervision.
    Action("go.supervise", ("7",), ("app",), off=for_supervisors, names=("supervision", "su")),
    Action("supervise.approve", ("ctrl+y",), ("supervise",), rank=2, danger=ARMED, off=as_allowed,
           asks=True, names=("approve",)),
    Action("supervise.refuse", ("ctrl+n",), ("supervise",), rank=3, danger=ACT, off=as_allowed,
           asks=True, names=("refuse",)),
    Action("supervise.month", ("ctrl+v",), ("supervise",), rank=5, off=with_desk, asks=True, names=("month",)),
    # Administration.
    Action("go.admin", ("8",), ("app",), off=for_administrators, names=("administration", "ad")),
    Action("admin.add", ("ctrl+g", "insert"), ("admin",), rank=2, danger=ACT, off=where_allowed, asks=True,
           names=("add",)),
    Action("admin.change", ("ctrl+e",), ("admin",), rank=3, danger=ACT, off=as_allowed, asks=True, names=("edit",)),
    Action("admin.try", ("ctrl+r",), ("admin",), rank=5, danger=ACT, off=as_allowed, names=("try",)),
    Action("admin.remove", ("delete",), ("admin",), rank=6, danger=GRAVE, off=as_allowed, asks=True,
           names=("remove",)),
    # The situation brief.
    Action("brief.caller", ("F",), ("brief",), rank=1, danger=ACT, off=with_desk, asks=True, names=("caller",)),
    Action("brief.instruct", ("I",), ("brief",), rank=2, danger=ACT, off=with_desk, asks=True,
           names=("instruction",)),
    # Everywhere.
    Action("app.back", ("escape",), ("app",)),
    Action("app.brief", ("B",), ("app",), rank=94, off=with_desk, names=("brief",)),
    Action("app.notices", ("N",), ("app",), names=("notices",), off=with_desk),
    Action("app.person", ("P",), ("app",), names=("person",), off=in_replay,
           takes="ui.takes.person", asks=True),
    Action("app.theme", (), ("app",), names=("theme",), takes="ui.takes.theme"),
    Action("app.language", ("L",), ("app",), rank=95, names=("language", "lang")),
    Action("app.repaint", ("ctrl+l",), ("app",), names=("repaint",)),
    Action("app.mouse", ("underscore",), ("app",), names=("mouse",)),
    Action("app.lite", (), ("app",), names=("lite",)),
    Action("app.commands", ("colon", "ctrl+p"), ("app",), rank=96),
    Action("app.help", ("question_mark", "f1"), ("app",), rank=97, names=("help", "keys")),
    Action("app.quit", ("q", "ctrl+c"), ("app",), rank=98, names=("quit", "q")),
    # Dialogs: a form, a list to pick from, a question; the keys there are the dialog's own.
    Action("dialog.close", ("escape", "ctrl+c"), ("dialog",), rank=90),
    Action("dialog.repaint", ("ctrl+l",), ("dialog",)),
    Action("form.next", ("tab",), ("form",), rank=2),
    Action("form.previous", ("shift+tab",), ("form",)),
    Action("form.send", ("f2",), ("form",), rank=1),
    Action("form.anew", ("f8",), ("form",), rank=3),
    Action("pick.down", ("down",), ("pick", "form")),
    Action("pick.up", ("up",), ("pick", "form")),
    Action("pick.page_down", ("pagedown",), ("pick",)),
    Action("pick.page_up", ("pageup",), ("pick",)),
    Action("pick.take", ("enter",), ("pick",), rank=1),
    Action("pick.complete", ("tab",), ("pick",)),
    Action("read.down", ("down", "j"), ("read",)),
    Action("read.up", ("up", "k"), ("read",)),
    Action("read.page_down", ("pagedown", "space"), ("read",)),
    Action("read.page_up", ("pageup",), ("read",)),
    Action("confirm.commit", ("y",), ("confirm",), rank=1),
    Action("confirm.refuse", ("n",), ("confirm",), rank=2),
)
# fmt: on

DIALOGS = ("dialog", "form", "pick", "read", "confirm")
"""Scopes with keys of their own."""

SWALLOWED: dict[str, str] = {
    "ctrl+a": "the prefix key of screen, and many people's in tmux",
    "ctrl+b": "the prefix key of tmux",
    "ctrl+h": "backspace on many terminals",
    "ctrl+i": "the same byte as tab",
    "ctrl+j": "the same byte as enter on some terminals",
    "ctrl+m": "the same byte as enter",
    "ctrl+q": "may be taken as XON by the line",
    "ctrl+s": "may be taken as XOFF by the line",
    "ctrl+z": "suspends",
    "ctrl+backslash": "sends SIGQUIT",
    "ctrl+enter": "the same as enter in most terminals",
    "shift+enter": "the same as enter in most terminals",
    "ctrl+shift+c": "the terminal's own copy",
    "ctrl+shift+v": "the terminal's own paste",
    "f10": "the menu of many terminals",
    "f11": "full screen in many terminals",
}
"""Keys that do not reach us everywhere, and why: no action may have one."""

_BY_ID = {action.id: action for action in ACTIONS}

KEY_NAMES: dict[str, tuple[str, str]] = {
    "enter": ("回车", "Enter"),
    "space": ("空格", "Space"),
    "escape": ("Esc", "Esc"),
    "tab": ("Tab", "Tab"),
    "shift+tab": ("Shift+Tab", "Shift+Tab"),
    "up": ("上", "Up"),
    "down": ("下", "Down"),
    "left": ("左", "Left"),
    "right": ("右", "Right"),
    "pageup": ("PgUp", "PgUp"),
    "pagedown": ("PgDn", "PgDn"),
    "home": ("Home", "Home"),
    "insert": ("Ins", "Ins"),
    "delete": ("Del", "Del"),
    "end": ("End", "End"),
    "slash": ("/", "/"),
    "colon": (":", ":"),
    "minus": ("-", "-"),
    "asterisk": ("*", "*"),
    "full_stop": (".", "."),
    "question_mark": ("?", "?"),
    "left_parenthesis": ("(", "("),
    "right_parenthesis": (")", ")"),
    "apostrophe": ("'", "'"),
    "at": ("@", "@"),
    "comma": (",", ","),
    "plus": ("+", "+"),
    "equals_sign": ("=", "="),
    "exclamation_mark": ("!", "!"),
    "greater_than_sign": (">", ">"),
    "less_than_sign": ("<", "<"),
    "number_sign": ("#", "#"),
    "right_square_bracket": ("]", "]"),
    "left_square_bracket": ("[", "["),
    "tilde": ("~", "~"),
    "ampersand": ("&", "&"),
    "percent_sign": ("%", "%"),
    "circumflex_accent": ("^", "^"),
    "semicolon": (";", ";"),
    "dollar_sign": ("$", "$"),
    "vertical_line": ("|", "|"),
    "backslash": ("\\", "\\"),
    "left_curly_bracket": ("{", "{"),
    "right_curly_bracket": ("}", "}"),
    "quotation_mark": ('"', '"'),
    "grave_accent": ("`", "`"),
    "underscore": ("_", "_"),
}
"""Keys as people call them, (中文, English); the others show as they are."""


def action(name: str) -> Action:
    """The action of that id."""
    return _BY_ID[name]


def key_name(key: str, language: Language) -> str:
    """A key as people call it."""
    if key in KEY_NAMES:
        return KEY_NAMES[key][language == "en"]
    head, plus, tail = key.rpartition("+")
    if plus:
        return f"{head.title()}+{key_name(tail, language).upper()}"
    return key.upper() if len(key) > 1 else key


@cache
def offered(*scopes: str) -> tuple[Action, ...]:
    """The actions of some scopes, in the table's order."""
    return tuple(action for action in ACTIONS if not set(scopes).isdisjoint(action.scopes))


def bindings(*scopes: str) -> list[Binding]:
    """Textual's bindings for some scopes: each calls ``action_perform`` with the action's id."""
    from textual.binding import Binding

    return [
        Binding(",".join(action.keys), f"perform({action.id!r})", show=False, id=action.id)
        for action in offered(*scopes)
        if action.keys
    ]


def footer(scopes: Iterable[str]) -> Iterator[Action]:
    """The actions that the footer shows, the most wanted first."""
    shown = (action for action in offered(*scopes) if action.rank and action.keys)
    return iter(sorted(shown, key=lambda action: action.rank))


SHARED: dict[str, tuple[str, ...]] = {
    "f": ("feed.poll", "source.find"),
    "F": ("brief.caller", "station.forecast"),
}
"""Keys that mean one thing on the feeds or the brief and another on what is measured: never two on one screen."""


def clashes() -> list[str]:
    """What is wrong with the table: a key with two meanings, a key that is swallowed, an id given twice."""
    faults = [
        f"{key} of {one.id}: {SWALLOWED[key]}" for one in ACTIONS for key in one.keys if key in SWALLOWED
    ]
    if len(_BY_ID) != len(ACTIONS):
        faults.append("an id is given twice")
    groups: list[tuple[str, ...]] = [("dialog", kind) for kind in DIALOGS]
    open_scopes = {scope for one in ACTIONS for scope in one.scopes}.difference(DIALOGS)
    groups.append(tuple(sorted(open_scopes)))
    for group in groups:
        meaning: dict[str, str] = {}
        for one in offered(*group):
            for key in one.keys:
                first = meaning.setdefault(key, one.id)
                apart = {first, one.id} <= set(SHARED.get(key, ())) and not set(one.scopes) & set(
                    action(first).scopes
                )
                if first != one.id and not apart:
                    faults.append(f"{key} means {first} and {one.id}")
    return faults
