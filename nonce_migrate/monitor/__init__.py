"""What the state files of a bot say, read without a lock and without changing anything."""
