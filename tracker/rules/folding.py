"""Text folded for searching and sorting: what people type without marks finds what is written with them."""

import unicodedata

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: chr(0x100 + rank) for rank, letter in enumerate(_ALPHABET)}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def fold(text: str) -> str:
    """Return the text without diacritics, đ as d, case and runs of spaces folded: "Đẩy nhanh" → "day nhanh"."""
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.replace("đ", "d").replace("Đ", "D").casefold().split())


def sort_key(text: str) -> str:
    """Return a key that orders as a Vietnamese dictionary does (a ă â … d đ …, then huyền, hỏi, ngã, sắc, nặng)."""
    letters, tones = [], []
    for char in unicodedata.normalize("NFC", text).casefold():
        parts = unicodedata.normalize("NFD", char)
        tone = next((_TONES[c] for c in parts if c in _TONES), "0")
        letter = unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES))
        letters.append(_RANK.get(letter, letter))
        tones.append(tone)
    return "".join(letters) + " " + "".join(tones)
