"""Nouns that answer and never write."""
