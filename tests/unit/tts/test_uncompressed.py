"""Whoever compresses unasked is refused; whoever says that he does not, is not."""

import pytest

from assistant.domain.errors import SpeechEmpty
from assistant.tts.uncompressed import refuse_compression


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, gzip", "x" * 9000])
def test_what_is_compressed_is_refused(encoding: str) -> None:
    with pytest.raises(SpeechEmpty) as raised:
        refuse_compression({"Content-Encoding": encoding}, "hosted")
    assert len(raised.value.detail) < 100


@pytest.mark.parametrize("headers", [{}, {"Content-Encoding": "identity"}, {"Content-Encoding": ""}], ids=str)
def test_what_is_not_compressed_is_taken(headers: dict[str, str]) -> None:
    refuse_compression(headers, "hosted")
