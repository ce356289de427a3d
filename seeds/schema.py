"""What a record may hold: a small language for shapes, and the check of one record against its shape."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from seeds.source import Record

NAMES: dict[type, str] = {
    str: "một dòng chữ",
    int: "một số nguyên",
    bool: "true hoặc false",
    date: "một ngày dạng năm-tháng-ngày",
    list: "một danh sách",
    Record: "các cặp “tên: giá trị”",
}


@dataclass(frozen=True)
class Field:
    """One key of a record. `each` is the field of a list's members, `shape` that of a record, both checked in turn."""

    kind: type
    optional: bool = False
    choices: tuple[Any, ...] = ()
    each: "Field | None" = None
    shape: "Mapping[str, Field] | None" = None


Shape = Mapping[str, Field]
TEXT, NUMBER, FLAG, DAY = Field(str), Field(int), Field(bool), Field(date)


def one_of(*choices: Any) -> Field:
    """Return the field that holds one of the values."""
    return Field(type(choices[0]), choices=choices)


def list_of(each: Field) -> Field:
    """Return the field that holds a list."""
    return Field(list, each=each)


def record(shape: Shape) -> Field:
    """Return the field that holds a record of a shape; an empty shape leaves its keys free."""
    return Field(Record, shape=shape)


def maybe(field: Field) -> Field:
    """Return the same field, which may be absent or null."""
    return replace(field, optional=True)


def check(found: Record, shape: Shape) -> None:
    """Raise SeedError when the record has a key too many, lacks one, or holds something else than the shape says."""
    for key in found:
        if key not in shape:
            raise found.wrong(f"không có mục nào tên “{key}”; được dùng: {', '.join(shape)}.", key)
    for key, field in shape.items():
        if found.get(key) is None:
            if not field.optional:
                raise found.wrong(f"thiếu “{key}”.", key)
            continue
        _check_value(found, key, found[key], field)


def _check_value(found: Record, key: str, value: Any, field: Field) -> None:
    if not isinstance(value, field.kind) or (field.kind is int and isinstance(value, bool)):
        raise found.wrong(f"“{key}” phải là {NAMES[field.kind]}, không phải “{value}”.", key)
    if field.choices and value not in field.choices:
        raise found.wrong(f"“{key}” không thể là “{value}”; được dùng: {', '.join(map(str, field.choices))}.", key)
    if isinstance(value, str):
        _check_text(found, key, value)
    elif isinstance(value, Record) and field.shape:
        check(value, field.shape)
    elif isinstance(value, list) and field.each:
        for item in value:
            _check_value(found, key, item, field.each)


def _check_text(found: Record, key: str, value: str) -> None:
    if not value.strip():
        raise found.wrong(f"“{key}” để trống; bỏ dòng này hoặc ghi null.", key)
    if not unicodedata.is_normalized("NFC", value):
        raise found.wrong(f"“{key}” có chữ Việt tổ hợp; phải là Unicode dựng sẵn (NFC).", key)
