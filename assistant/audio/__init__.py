"""Audio: decoding, loudness, Opus encoding, the track of an answer, and the clock that plays it."""
