from __future__ import annotations

from nonce_migrate.baseline.compare import Baseline, compare
from nonce_migrate.baseline.entries import Entry, Key
from nonce_migrate.baseline.update import update
from nonce_migrate.model import Code, LegacyImport

ONE = Key("a.py", "NM101", "from x import y")
TWO = Key("a.py", "NM101", "from x import y", 2)
OTHER = Key("b.py", "NM101", "from x import y")


def _found(*keys: Key) -> dict[Key, LegacyImport]:
    return {
        key: LegacyImport(key.path, line, 1, Code(key.code), "s", "y")
        for line, key in enumerate(keys, start=7)
    }


def _always(_: Entry) -> bool:
    return True


def test_what_is_listed_is_accepted_with_its_reason() -> None:
    baseline = Baseline("b.toml", (Entry(ONE, "first day"),))
    compared = compare(baseline, _found(ONE, TWO), _always)

    assert [a.reason for a in compared.accepted] == ["first day"]
    assert [found.line for found in compared.kept] == [8], "the second equal one is new"
    assert compared.stale == ()


def test_an_entry_that_is_gone_is_told_at_its_line() -> None:
    baseline = Baseline("b.toml", (Entry(ONE, line=4), Entry(TWO, line=5)))
    (stale,) = compare(baseline, _found(ONE), _always).stale

    assert (stale.path, stale.line, stale.code) == ("b.toml", 5, "NM703")
    assert "a.py has it no more: `from x import y`" in stale.reason


def test_one_that_was_not_looked_for_is_not_gone() -> None:
    baseline = Baseline("b.toml", (Entry(ONE),))

    assert compare(baseline, _found(), lambda _: False).stale == ()


def test_a_renamed_file_is_named() -> None:
    compared = compare(Baseline("b.toml", (Entry(ONE, line=4),)), _found(OTHER), _always)

    assert len(compared.kept) == 1
    assert "the same stands in b.py:7 now" in compared.stale[0].reason
    assert "if the file was renamed" in compared.stale[0].step


def test_an_entry_that_the_base_has_not_counts_for_nothing() -> None:
    baseline = Baseline("b.toml", (Entry(ONE), Entry(OTHER)), frozenset({ONE}))
    compared = compare(baseline, _found(ONE, OTHER), _always)

    assert [found.path for found in compared.kept] == ["b.py"]
    assert (baseline.raised, compared.stale) == (1, ())


def test_an_update_only_shrinks() -> None:
    done = update([Entry(ONE, "r"), Entry(TWO)], [ONE, OTHER], _always, None)

    assert done.entries == (Entry(ONE, "r"),)
    assert (done.gone, done.new) == ((Entry(TWO),), (OTHER,))


def test_unless_it_is_told_why() -> None:
    done = update([Entry(ONE, "r")], [ONE, OTHER], _always, "moves in May")

    assert done.entries == (Entry(ONE, "r"), Entry(OTHER, "moves in May"))


def test_an_update_keeps_what_was_not_looked_for() -> None:
    assert update([Entry(ONE)], [], lambda _: False, None).entries == (Entry(ONE),)
