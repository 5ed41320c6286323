"""Task ids: ISO/IEC 7064 MOD 37,36 finds what goes wrong on the phone and on paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.store import Store
from backend.tasks.ids import ALPHABET, check_character, compose, mint, validate


def test_an_example_of_others_who_use_the_same_system() -> None:
    # The Global Release Identifier of the music trade uses the same system; its handbook's example.
    assert check_character("A1-2425G-ABC1234002") == "M"


def test_minted_ids_count_up_and_are_read_back_from_what_people_type(store: Store) -> None:
    with store.write() as connection:
        first, second = mint(connection, "c371702"), mint(connection, "c371702")
        other = mint(connection, "c371703")
    assert first[:-1] == "C371702-0001"
    assert second[:-1] == "C371702-0002"
    assert other[:-1] == "C371703-0001"
    assert validate(f" {first.lower()[:8]} {first.lower()[8:]} ") == first
    assert validate("C371702-0001") is None
    assert validate("") is None
    assert validate("任务-0001A") is None
    with pytest.raises(ValueError, match="no centre code"):
        compose("中心", 1)


@given(
    centre=st.text("ABCDEFGHIJ0123456789", min_size=1, max_size=12),
    number=st.integers(1, 10**6),
    data=st.data(),
)
def test_a_wrong_character_is_always_found(centre: str, number: int, data: st.DataObject) -> None:
    good = compose(centre, number)
    assert validate(good) == good
    place = data.draw(st.integers(0, len(good) - 1))
    if good[place] == "-":
        return
    wrong = data.draw(st.sampled_from([c for c in ALPHABET if c != good[place]]))
    assert validate(good[:place] + wrong + good[place + 1 :]) is None


def test_nearly_every_exchange_of_two_neighbours_is_found() -> None:
    tried = missed = 0
    for number in range(1, 3000):
        good = compose("C371702001", number)
        for place in range(len(good) - 1):
            a, b = good[place], good[place + 1]
            if "-" in (a, b) or a == b:
                continue
            tried += 1
            missed += validate(good[:place] + b + a + good[place + 2 :]) is not None
    assert missed / tried < 0.01
