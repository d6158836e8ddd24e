"""The choices that members and servers make: with /voice_settings, and on who may be heard."""
