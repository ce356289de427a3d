"""What people are told: queued with the change that causes it, written when it leaves."""
