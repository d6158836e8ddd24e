"""What the README claims, to be measured again by whoever doubts it."""
