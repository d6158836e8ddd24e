"""One guild's call: who may begin it, what is asked in it, who is there, and the turns it takes."""
