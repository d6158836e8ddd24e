"""What is seen of the running assistant from outside, over HTTP: whether it is well, and what it has counted."""
