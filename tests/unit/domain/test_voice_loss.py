import pytest

from assistant.domain.call_ending import EndReason, ending_after
from assistant.domain.voice_loss import LossCause, Remedy, VoiceLoss, remedy_for


@pytest.mark.parametrize("code", [1000, 1001, 1006, 4000, 4001, 4002, 4003, 4006, 4009, 4011, 4012, 4015, 4020])
def test_a_close_that_another_connection_can_mend_is_mended(code: int) -> None:
    assert remedy_for(VoiceLoss(cause=LossCause.CLOSED, close_code=code)) is Remedy.RECONNECT


@pytest.mark.parametrize("cause", [LossCause.UNANSWERED_HEARTBEATS, LossCause.POLLER_FAILED, LossCause.UNSEALED])
def test_a_connection_that_died_without_a_close_is_mended(cause: LossCause) -> None:
    assert remedy_for(VoiceLoss(cause=cause)) is Remedy.RECONNECT


def test_a_rate_limit_is_waited_for() -> None:
    assert remedy_for(VoiceLoss(cause=LossCause.CLOSED, close_code=4021)) is Remedy.RECONNECT_LATER


@pytest.mark.parametrize("code", [4004, 4016, 4017])
def test_a_refusal_ends_the_call_and_names_the_code_to_the_owner(code: int) -> None:
    ending = ending_after(VoiceLoss(cause=LossCause.CLOSED, close_code=code))
    assert ending.reason is EndReason.REFUSED
    assert str(code) in ending.detail


def test_every_cause_has_its_row() -> None:
    for cause in LossCause:
        assert remedy_for(VoiceLoss(cause=cause)) in Remedy


@pytest.mark.parametrize(
    ("loss", "reason"),
    [
        (VoiceLoss(cause=LossCause.REMOVED), EndReason.REMOVED),
        (VoiceLoss(cause=LossCause.CLOSED, close_code=4014), EndReason.REMOVED),
        (VoiceLoss(cause=LossCause.CLOSED, close_code=4022), EndReason.REMOVED),
        (VoiceLoss(cause=LossCause.CHANNEL_GONE), EndReason.CHANNEL_DELETED),
        (VoiceLoss(cause=LossCause.FORBIDDEN), EndReason.FORBIDDEN),
        (VoiceLoss(cause=LossCause.CLOSED, close_code=4006), EndReason.LOST),
        (VoiceLoss(cause=LossCause.NOT_JOINED), EndReason.LOST),
        (VoiceLoss(cause=LossCause.TAKEN_OVER), EndReason.TAKEN_OVER),
    ],
)
def test_each_loss_that_ends_a_call_has_its_reason(loss: VoiceLoss, reason: EndReason) -> None:
    assert ending_after(loss).reason is reason
