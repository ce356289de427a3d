"""Commands for people and for checks: `flask <command>`."""
