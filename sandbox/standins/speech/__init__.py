"""Hosted speech on loopback: OpenAI's `/v1/audio/speech`, which streams as the real one does and fails when told to."""

from sandbox.standins.speech.hosted_speech import HostedSpeech

__all__ = ["HostedSpeech"]
