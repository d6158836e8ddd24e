"""The language model's client: requests, streamed answers, retries and failures."""
