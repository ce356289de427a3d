"""The variables of mail, Zalo and letters: what each may be, and what must come together."""

import re
from collections.abc import Mapping
from email.utils import parseaddr
from urllib.parse import urlsplit

NEEDED = ("ZALO_APP_ID", "ZALO_APP_SECRET", "ZALO_OA_ID", "ZALO_TEMPLATE_REMINDER")
OPTIONAL = ("ZALO_OA_SECRET", "ZALO_KEY", "ZALO_API_URL")
NUMBERS = ("ZALO_APP_ID", "ZALO_OA_ID", "ZALO_TEMPLATE_REMINDER")
KEY_LENGTH = 32
OUR_MACHINE = frozenset({"127.0.0.1", "localhost"})


SECURITY = ("starttls", "tls", "none")
LETTER_TEXT = 200
MAILBOX = re.compile(r"[^\s@<>(),;:\"\\\x80-\U0010ffff]+@[A-Za-z0-9.-]+", re.ASCII)


class Misconfigured(ValueError):
    """A variable is missing or malformed; the text is a sentence that names it."""


def zalo(value: Mapping[str, str], demo: bool) -> dict[str, str]:
    """Return the settings of Zalo; all empty when the channel is off. A rehearsal may speak to a stand-in on this machine only.

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


def check_mail(value: Mapping[str, str]) -> None:
    """Return when the variables of the mail server fit together. Raises Misconfigured."""
    if value["SMTP_SECURITY"] not in SECURITY:
        raise Misconfigured(f"SMTP_SECURITY={value['SMTP_SECURITY']!r}: chỉ nhận starttls, tls hoặc none.")
    if bool(value["SMTP_USER"]) != bool(value["SMTP_PASSWORD"]):
        raise Misconfigured("SMTP_USER và SMTP_PASSWORD: cần cả hai hoặc không biến nào.")
    if value["SMTP_USER"] and value["SMTP_SECURITY"] == "none":
        raise Misconfigured("SMTP_SECURITY=none không được dùng cùng SMTP_USER: mật khẩu sẽ đi không mã hoá.")
    if value["SMTP_HOST"] and not re.fullmatch(r"[A-Za-z0-9_.:-]+", value["SMTP_HOST"]):
        raise Misconfigured(f"SMTP_HOST={value['SMTP_HOST']!r}: cần tên hoặc địa chỉ máy chủ thư, không kèm giao thức.")
    if not value["SMTP_FROM"].isprintable() or not MAILBOX.fullmatch(parseaddr(value["SMTP_FROM"])[1]):
        raise Misconfigured(f"SMTP_FROM={value['SMTP_FROM']!r}: cần một địa chỉ thư, ví dụ Ba Rõ <baro@tinh.gov.vn>.")
    if value["SMTP_BOUNCES"] and not MAILBOX.fullmatch(value["SMTP_BOUNCES"]):
        raise Misconfigured(f"SMTP_BOUNCES={value['SMTP_BOUNCES']!r}: cần một địa chỉ thư, ví dụ tra-ve@tinh.gov.vn.")
    for name in ("SMTP_USER", "SMTP_PASSWORD"):
        if not value[name].isascii() or not value[name].isprintable():
            raise Misconfigured(f"{name}: chỉ gồm chữ không dấu, số và ký hiệu có trên bàn phím.")


def letter(value: Mapping[str, str]) -> dict[str, str]:
    """Return what stands in the head of letters: what is left out there would be missed only when one is signed."""
    found = {name.removeprefix("BARO_"): text for name, text in value.items() if name.startswith("BARO_LETTER_")}
    for name, text in found.items():
        if not text.strip() or len(text) > LETTER_TEXT or not text.isprintable():
            raise Misconfigured(f"BARO_{name}={text[:80]!r}: cần một dòng chữ, nhiều nhất {LETTER_TEXT} ký tự.")
    return {name: text.strip() for name, text in found.items()}
