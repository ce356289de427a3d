"""What people are sent: one function and one folder of templates per message."""
