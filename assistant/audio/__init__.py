"""Sound: decoding, loudness, Opus frames, the track they stand in, and the clock that plays them."""
