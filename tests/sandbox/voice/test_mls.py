import davey
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.voice.mls import Commit, ExternalSender, KeyPackage, append_body, welcome_for
from sandbox.voice.mls_encoding import Reader, vector
from sandbox.voice.voice_errors import MalformedMlsError

GROUP = 77


def member(user_id: int, sender: ExternalSender) -> tuple[davey.DaveSession, KeyPackage]:
    session = davey.DaveSession(1, user_id, GROUP)
    session.set_external_sender(sender.package)
    return session, KeyPackage.parse(session.get_serialized_key_package())


@given(st.binary(max_size=70_000))
def test_a_vector_is_read_back(data: bytes) -> None:
    reader = Reader(vector(data) + b"rest")
    assert reader.vector() == data
    assert reader.take(4) == b"rest"
    assert reader.at_end


def test_the_end_of_the_bytes_is_noticed() -> None:
    with pytest.raises(MalformedMlsError, match="5 bytes expected"):
        Reader(b"\x05abcd").vector()


def test_a_key_package_says_whose_it_is() -> None:
    data = davey.DaveSession(1, 2**63 + 5, GROUP).get_serialized_key_package()
    assert KeyPackage.parse(data).user_id == 2**63 + 5


@pytest.mark.parametrize("place", [10, 100, -1])
def test_a_key_package_with_a_bad_byte_is_refused(place: int) -> None:
    data = bytearray(davey.DaveSession(1, 5, GROUP).get_serialized_key_package())
    data[place] ^= 1
    with pytest.raises(MalformedMlsError):
        KeyPackage.parse(bytes(data))


@given(st.binary(max_size=400))
def test_garbage_is_no_key_package_and_no_commit(garbage: bytes) -> None:
    for parse in (KeyPackage.parse, Commit.parse):
        with pytest.raises(MalformedMlsError):
            parse(garbage)


def test_members_take_the_proposals_and_each_new_one_opens_its_part_of_the_welcome() -> None:
    sender = ExternalSender(GROUP)
    alice, _ = member(1, sender)
    others = [member(user, sender) for user in (2, 3)]
    proposals = [sender.propose_add(package, 0) for _, package in others]
    body = append_body(proposals)
    result = alice.process_proposals(davey.ProposalsOperationType.append, body)
    assert result is not None
    assert result.welcome is not None
    commit = Commit.parse(result.commit + result.welcome)
    assert (commit.group_id, commit.epoch) == (GROUP, 0)
    assert commit.references == tuple(proposal.reference for proposal in proposals)
    assert (commit.message, commit.welcome) == (result.commit, result.welcome)
    alice.process_commit(commit.message)
    for session, package in others:
        part = welcome_for(result.welcome, package)
        assert len(part) < len(result.welcome)
        session.process_welcome(part)
        assert session.voice_privacy_code == alice.voice_privacy_code


def test_a_welcome_without_somebody_is_noticed() -> None:
    sender = ExternalSender(GROUP)
    alice, _ = member(1, sender)
    _, bob = member(2, sender)
    _, carol = member(3, sender)
    body = append_body([sender.propose_add(bob, 0)])
    result = alice.process_proposals(davey.ProposalsOperationType.append, body)
    assert result is not None
    assert result.welcome is not None
    with pytest.raises(MalformedMlsError, match="nothing for user 3"):
        welcome_for(result.welcome, carol)
