"""Hosted recognition on loopback: OpenAI's `/v1/audio/transcriptions`, which answers as told and fails when told to."""

from sandbox.standins.recognition.hosted_recognition import HostedRecognition, script

__all__ = ["HostedRecognition", "script"]
