"""A language model on loopback that streams as the real ones do, and fails as they do when told to."""

from sandbox.standins.language_model.model_server import LanguageModel

__all__ = ["LanguageModel"]
