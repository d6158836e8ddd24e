"""Other voice assistants' pipelines, each in a Python of its own in which it is installed.

`pipecat_pipeline` and `livekit_pipeline` are programs. They import nothing of ours but what is in this package.
"""
