"""The calls of the benchmark in which most can go wrong, beside each other; and the ledger that counts their frames."""

import asyncio

import pytest

from bench.encryption.frame_ledger import FrameLedger
from tests.support.dave_libraries import HAS_LIBDAVE, LIBRARIES, library

QUICK = (
    "gateways 150 ms late, guests come and go",
    "addition, removal, revocation, we commit",
    "encryption off and on",
    "we flag a commit (op 31)",
)


@pytest.mark.skipif(not HAS_LIBDAVE, reason="dave.py is not installed")
@pytest.mark.parametrize("name", LIBRARIES)
async def test_members_by_discords_library_open_all_and_nothing_pauses_or_is_plain(name: str) -> None:
    from bench.encryption.call_kinds import CALL_KINDS  # noqa: PLC0415 - only where its library is
    from bench.encryption.encryption_trial import try_kind  # noqa: PLC0415

    kinds = [kind for kind in CALL_KINDS if kind.name in QUICK]
    rows = await asyncio.gather(*(try_kind(kind, name, library(name)) for kind in kinds))
    assert len(rows) == len(QUICK)
    for row in rows:
        assert (row.opened, row.plaintext, row.given) == (row.due, 0, row.said), row
        assert row.pause == pytest.approx(0.02), row
        assert row.is_whole, row
        assert row.due and row.said, row


def test_a_frame_has_to_be_opened_by_the_members_of_its_epoch_who_were_there() -> None:
    ledger = FrameLedger()
    ledger.note_sealed(b"frame", "epoch 2")
    ledger.note_heard(1, b"frame", {"epoch 1", "epoch 2"}, is_open=True)
    ledger.note_heard(2, b"frame", {"epoch 2"}, is_open=False)
    ledger.note_heard(3, b"frame", {"epoch 3"}, is_open=False)
    assert (ledger.due, ledger.opened, ledger.deaf({1, 2, 3})) == (2, 1, 2)


def test_what_is_said_in_an_epoch_without_us_is_counted_apart() -> None:
    ledger = FrameLedger()
    ledger.our_epochs.add("epoch 2")
    for opus, epoch in ((b"1", "epoch 1"), (b"2", "epoch 2"), (b"3", "epoch 2"), (b"4", None)):
        ledger.note_said(7, opus, epoch)
    ledger.note_given(7, b"2")
    assert (ledger.said, ledger.given, ledger.said_without_us) == (3, 1, 1)
