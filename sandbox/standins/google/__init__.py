"""Google's speech on loopback, as unmodified gTTS asks for it."""

from sandbox.standins.google.server import GoogleSpeech

__all__ = ["GoogleSpeech"]
