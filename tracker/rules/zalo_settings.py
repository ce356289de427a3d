"""The variables of the Zalo channel: all that it needs or none, and in a rehearsal never the real Zalo."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

NEEDED = ("ZALO_APP_ID", "ZALO_APP_SECRET", "ZALO_OA_ID", "ZALO_TEMPLATE_REMINDER")
OPTIONAL = ("ZALO_OA_SECRET", "ZALO_KEY", "ZALO_API_URL")
NUMBERS = ("ZALO_APP_ID", "ZALO_OA_ID", "ZALO_TEMPLATE_REMINDER")
KEY_LENGTH = 32
OUR_MACHINE = frozenset({"127.0.0.1", "localhost"})


class Misconfigured(ValueError):
    """A variable is missing or malformed; the text is a sentence that names it."""


def checked(value: Mapping[str, str], demo: bool) -> dict[str, str]:
    """Return the settings; all empty when the channel is off. A rehearsal may speak to a stand-in on this machine only.

    Raises Misconfigured.
    """
    _complete(value)
    for name in NUMBERS:
        if value[name] and not re.fullmatch(r"[0-9]{1,30}", value[name]):
            raise Misconfigured(f"{name}={value[name][:80]!r}: cần mã gồm các chữ số như trên trang quản lý của Zalo.")
    for name in ("ZALO_APP_SECRET", "ZALO_OA_SECRET"):
        if value[name] and not re.fullmatch(r"[!-~]{1,200}", value[name]):
            raise Misconfigured(f"{name}: cần khoá bí mật như trên trang quản lý của Zalo, không có dấu cách.")
    if value["ZALO_KEY"] and len(value["ZALO_KEY"].strip()) < KEY_LENGTH:
        raise Misconfigured(f"ZALO_KEY: cần ít nhất {KEY_LENGTH} ký tự ngẫu nhiên.")
    at_home = _host(value["ZALO_API_URL"]) in OUR_MACHINE
    off = not value["ZALO_APP_ID"] or (demo and not at_home)
    return {name: "" if off else value[name].rstrip("/") for name in (*NEEDED, *OPTIONAL)}


def _complete(value: Mapping[str, str]) -> None:
    given = [name for name in (*NEEDED, *OPTIONAL) if value[name]]
    missing = [name for name in NEEDED if not value[name]]
    if given and missing:
        raise Misconfigured(f"Có {given[0]} mà thiếu {', '.join(missing)}: kênh Zalo cần đủ, hoặc bỏ tất cả để tắt.")


def _host(address: str) -> str:
    """Return the machine of ZALO_API_URL; empty when the real Zalo is meant."""
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        parts.port  # noqa: B018  a port that is no number raises here
    except ValueError:
        host, parts = "", urlsplit("")
    plain = parts.scheme in {"http", "https"} and not (parts.query or parts.fragment or parts.username)
    if not host or not plain or not address.isascii() or not address.isprintable() or " " in address:
        raise Misconfigured(f"ZALO_API_URL={address[:80]!r}: cần dạng https://tên-miền.")
    if parts.path.strip("/"):
        raise Misconfigured(f"ZALO_API_URL={address[:80]!r}: chỉ gồm giao thức và tên miền, bỏ phần phía sau.")
    if parts.scheme == "http" and host not in OUR_MACHINE:
        raise Misconfigured(
            "ZALO_API_URL: chỉ máy này (127.0.0.1) được dùng http; nơi khác cần https vì có mã truy cập."
        )
    return host
