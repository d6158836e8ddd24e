"""Google's speech on loopback, as unmodified gTTS asks for it."""

from sandbox.standins.google.google_speech import GoogleSpeech

__all__ = ["GoogleSpeech"]
