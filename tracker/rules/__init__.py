"""The law and the policy as pure functions: no database, no Flask, nothing of ours above them."""
