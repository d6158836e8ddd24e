"""Speech to text: engines, and the chain that chooses between them."""
