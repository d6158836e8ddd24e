"""What the slash commands need: what their options offer, what they answer, and which process serves them."""
