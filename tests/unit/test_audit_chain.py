"""The audit chain against those who change, take away, put in or cut off rows, with the head outside to help."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text, update

from backend.access import headfile
from backend.access.audit import AUDIT, append, link
from backend.access.chain import examine
from backend.clock import ManualClock
from backend.desk import audit
from backend.desk.desk import Desk
from backend.store import Store
from console.__main__ import main
from console.exit import Exit
from tests.screens import loop_city as city

Answer = tuple[int, str, str]


def fill(store: Store, rows: int, start: int = 0) -> None:
    for number in range(start, start + rows):
        with store.write() as connection:
            append(connection, "u1", "city.load", f"pack{number}", number, grids=number)


def file_of(store: Store) -> Path:
    return Path(f"{store.path}.audit")


def kinds(store: Store) -> list[tuple[str, int]]:
    with store.read() as connection:
        verdict = examine(connection, headfile.read(file_of(store)))
    return [(one.kind, one.row) for one in verdict.faults]


def test_a_chain_that_nobody_touched_holds(store: Store) -> None:
    fill(store, 6)
    assert kinds(store) == []
    kept = headfile.read(file_of(store))
    assert kept is not None
    assert (kept.id, kept.late, kept.lost) == (6, (), ())
    assert file_of(store).stat().st_mode & 0o077 == 0


def test_several_rows_of_one_transaction_and_one_that_fails(store: Store) -> None:
    fill(store, 1)
    with store.write() as connection:
        for number in range(3):
            append(connection, "u1", "a", "", number)
    with suppress(RuntimeError), store.write() as connection:
        append(connection, "u1", "never", "", 9)
        raise RuntimeError
    assert kinds(store) == []
    fill(store, 1)
    assert kinds(store) == []
    kept = headfile.read(file_of(store))
    assert kept is not None
    assert kept.id == 5


def rehash(store: Store, number: int) -> None:
    """Seal a row anew, as somebody who knows how would."""
    with store.write() as connection:
        row = connection.execute(select(AUDIT).where(AUDIT.c.id == number)).one()
        digest = link(row.previous, row.at, row.actor, row.act, row.subject, row.body)
        connection.execute(update(AUDIT).where(AUDIT.c.id == number).values(digest=digest))


def forge(store: Store, number: int, after: int) -> None:
    """Put a row in that follows well from another one."""
    with store.write() as connection:
        previous = connection.execute(select(AUDIT.c.digest).where(AUDIT.c.id == after)).scalar_one()
        connection.execute(
            insert(AUDIT).values(
                id=number, at=1, actor="x", act="y", subject="", body="{}", previous=previous,
                digest=link(previous, 1, "x", "y", "", "{}"),
            )
        )  # fmt: skip


@pytest.mark.parametrize("column", ["at", "actor", "act", "subject", "body", "previous", "digest"])
@pytest.mark.parametrize("row", [1, 3, 6])
def test_a_changed_row_is_found_whatever_was_changed(store: Store, column: str, row: int) -> None:
    fill(store, 6)
    with store.write() as connection:
        connection.execute(
            update(AUDIT).where(AUDIT.c.id == row).values({column: 7 if column == "at" else "x"})
        )
    assert any(number in (row, row + 1) for _, number in kinds(store))


def test_a_row_that_was_changed_and_sealed_anew(store: Store) -> None:
    fill(store, 6)
    with store.write() as connection:
        connection.execute(update(AUDIT).where(AUDIT.c.id == 3).values(actor="x"))
    rehash(store, 3)
    assert kinds(store) == [("changed", 3)]


def test_the_newest_row_changed_and_sealed_anew_is_found_by_the_head_outside(store: Store) -> None:
    fill(store, 6)
    with store.write() as connection:
        connection.execute(update(AUDIT).where(AUDIT.c.id == 6).values(actor="x"))
    rehash(store, 6)
    assert kinds(store) == [("changed", 6)]


@pytest.mark.parametrize(("gone", "found"), [([3], 3), ([1], 1), ([2, 3, 4], 4)])
def test_missing_rows(store: Store, gone: list[int], found: int) -> None:
    fill(store, 6)
    with store.write() as connection:
        connection.execute(delete(AUDIT).where(AUDIT.c.id.in_(gone)))
    assert kinds(store) == [("missing", found)]


def test_a_row_put_in_between(store: Store) -> None:
    fill(store, 3)
    with store.write() as connection:
        connection.execute(update(AUDIT).where(AUDIT.c.id == 3).values(id=4))
    file_of(store).unlink()
    forge(store, 3, after=2)
    assert kinds(store) == [("inserted", 3)]


def test_a_row_put_in_at_the_end(store: Store) -> None:
    fill(store, 3)
    forge(store, 4, after=3)
    assert kinds(store) == [("unconfirmed", 4)]
    # The next row does not make it good.
    fill(store, 1)
    assert kinds(store) == [("unconfirmed", 4)]


@pytest.mark.parametrize("keep", [0, 1, 4])
def test_a_chain_cut_off_at_its_end(store: Store, keep: int) -> None:
    fill(store, 6)
    with store.write() as connection:
        connection.execute(delete(AUDIT).where(AUDIT.c.id > keep))
    assert ("cut", 6) in kinds(store)
    # Nor do new rows hide it, though they take the same numbers.
    fill(store, 8)
    assert ("cut", 6) in kinds(store)


def test_a_head_that_lags_never_goes_back(store: Store) -> None:
    fill(store, 4)
    kept = headfile.read(file_of(store))
    assert kept is not None
    headfile.keep(file_of(store), headfile.Head(2, "old", 2), 1)
    assert headfile.read(file_of(store)) == kept


def _many(path: str) -> None:
    store = Store.open(path)
    fill(store, 15)
    store.close()


def test_many_processes_at_once_keep_one_chain_and_one_head(tmp_path: Path) -> None:
    path = tmp_path / "seat.db"
    Store.open(path).close()
    crowd = [multiprocessing.get_context("spawn").Process(target=_many, args=(str(path),)) for _ in range(3)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(300)
    store = Store.open(path)
    with store.read() as connection:
        verdict = examine(connection, headfile.read(file_of(store)))
    store.close()
    assert (verdict.rows, verdict.faults) == (45, ())


@pytest.fixture
def told(
    store: Store, tmp_path: Path, clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Answer]:
    city.build(store, tmp_path, clock.now())
    with store.write() as connection:
        append(connection, city.SEAT, "feed.off", "cnemc", clock.now(), reason="维护")
        append(connection, city.SEAT, "feed.on", "cnemc", clock.now() + 3600)

    def run(*words: str, lang: str = "en") -> Answer:
        try:
            code = main(["--lang", lang, "--store", str(store.path), "audit", *words])
        except SystemExit as ended:
            code = int(str(ended.code))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def test_the_command_says_whether_it_holds(told: Callable[..., Answer], store: Store) -> None:
    code, out, _ = told("verify")
    assert (code, "The audit chain holds" in out) == (Exit.OK, True)
    head = json.loads(told("verify", "--json")[1])["head"]
    assert told("verify", "--head", head)[0] == Exit.OK
    assert told("verify", "--head", head[:16])[0] == Exit.OK
    code, out, _ = told("verify", "--head", "0" * 64)
    assert (code, "is not in the chain" in out) == (Exit.FAILED, True)
    with store.write() as connection:
        connection.execute(text("DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)"))
    code, out, _ = told("verify", lang="zh")
    assert (code, "链尾被截" in out) == (Exit.FAILED, True)
    assert json.loads(told("verify", "--json")[1])["faults"][0]["kind"] == "cut"
    # A printed head tells it too, where the file outside has gone as well.
    file_of(store).unlink()
    assert told("verify", "--head", head)[0] == Exit.FAILED
    assert told("rebase", "--reason", "backup of yesterday")[0] == Exit.OK
    assert told("verify")[0] == Exit.OK


def test_the_command_searches(told: Callable[..., Answer]) -> None:
    def ids(*words: str) -> list[str]:
        return [row["act"] for row in json.loads(told("list", "--json", *words)[1])]

    assert ids("--find", "cnemc") == ["feed.on", "feed.off"]
    assert ids("--find", "停用 维护") == ["feed.off"]
    assert ids("--find", "nothing like it") == []
    assert ids("--person", "坐席一", "--to", "2026-11-03T16:30") == ["feed.off"]
    assert ids("--from", "2026-11-03T16:30") == ["feed.on"]
    assert "停用数据源" in told("list", lang="zh")[1]
    assert told("list", "--from", "yesterday")[0] != Exit.OK


def test_a_seat_may_not_look(told: Callable[..., Answer], store: Store, clock: ManualClock) -> None:
    assert told("list")[0] == Exit.OK
    seat = Desk.open(store, city.SEAT, clock=clock)
    assert audit.refusal(seat) is not None
    assert not audit.rebase(seat, "why not").ok
