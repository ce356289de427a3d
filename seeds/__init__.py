"""The five documents as data, and the loader that brings them into the database."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent
