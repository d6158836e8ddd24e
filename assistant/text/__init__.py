"""What is said of a reply: its Markdown, streamed, to sentences in words."""
