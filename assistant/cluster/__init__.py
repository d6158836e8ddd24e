"""Several processes that share one database: who serves which shard, and the journal of each call."""
