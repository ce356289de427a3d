"""What Zalo's documents ask of a message, for the stand-in: who we are there, how long values may be, what is forbidden."""

import re
import unicodedata
from typing import Any

APP_ID, OA_ID, TEMPLATE = "2074138120372622546", "2893352839501541173", "7895417"
APP_SECRET, OA_SECRET = "khoa-ung-dung", "khoa-webhook"
FIRST_REFRESH, CODE, VERIFIER = "ma-lam-moi-dau-tien", "ma-uy-quyen", "chuoi-kiem-tra"
LENGTHS = {
    "nguoi_nhan": 30, "so_qua_han": 10, "so_sap_den": 10, "ma_viec": 30, "ten_viec": 80, "han": 20, "duong_dan": 200,
}  # fmt: skip


def wrong_message(body: Any, by_phone: bool) -> tuple[int, str] | None:
    """Return what Zalo's documents forbid in the message."""
    if not isinstance(body, dict):
        return -122, "Body request is not valid JSON"
    if by_phone and not re.fullmatch(r"84[0-9]{9}", str(body.get("phone"))):
        return -108, "Phone number invalid"
    if not by_phone and ("tracking_id" in body or not re.fullmatch(r"[0-9]{5,25}", str(body.get("user_id")))):
        return -201, "user_id is invalid!"
    if by_phone and not 1 <= len(str(body.get("tracking_id", ""))) <= 48:
        return -132, "Parameter invalid"
    if body.get("template_id") != TEMPLATE:
        return -109, "Template ID invalid"
    return _wrong_values(body.get("template_data"))


def _wrong_values(values: Any) -> tuple[int, str] | None:
    if not isinstance(values, dict) or not values:
        return -111, "Template data empty"
    for name, most in LENGTHS.items():
        text = values.get(name)
        if not text:
            return -1122, f"Missing template parameter {name}"
        if not isinstance(text, str) or text != unicodedata.normalize("NFC", text):
            return -1124, f"Parameter {name} has invalid format"
        if len(text) > most:
            return -1121, f"Parameter {name} exceeds max length"
    if set(values) - set(LENGTHS):
        return -112, "Template data type not defined"
    return None if re.fullmatch(r"\d\d/\d\d/\d{4}", values["han"]) else (-1124, "Parameter han has invalid format")
