"""Services besides Discord on loopback: a language model, Google's speech, OpenAI's speech."""
