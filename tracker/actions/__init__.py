"""Verbs that change; the only writers of domain data. They never commit: the entry (view, job, command) does."""
