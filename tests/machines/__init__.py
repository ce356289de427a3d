"""Worker processes that tests start, set to any clock, and kill at any step."""
