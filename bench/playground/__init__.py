"""What the playground's page and the sandbox add to a call by browser."""
