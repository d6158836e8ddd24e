"""Where a sentence ends, and where a clause does."""
