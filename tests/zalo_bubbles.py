"""The page of the stand-in: what arrived, as bubbles on a telephone."""

from collections.abc import Sequence
from html import escape
from string import Template
from time import localtime, strftime
from typing import Any

PAGE = Template("""<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Zalo giả lập</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; background: #d9e2ec; margin: 0; padding: 24px 16px; }
main { max-width: 400px; margin: auto; }
h1 { font-size: 18px; } p.none { color: #455; }
article { background: #fff; border-radius: 4px 16px 16px 16px; padding: 12px 16px; margin: 16px 0; overflow-wrap: anywhere; }
article h2 { font-size: 16px; margin: 0 0 8px; } dl { margin: 0; display: grid; grid-template-columns: auto 1fr; gap: 2px 12px; }
dt { color: #567; } dd { margin: 0; } footer { color: #567; font-size: 13px; margin-top: 8px; }
</style></head><body><main><h1>Zalo giả lập: $count tin</h1>$bubbles</main></body></html>
""")
NAMES = {
    "nguoi_nhan": "Người nhận", "so_qua_han": "Quá hạn", "so_sap_den": "Sắp đến hạn", "ma_viec": "Mã việc", "ten_viec": "Việc",
    "han": "Hạn", "duong_dan": "Xem tại",
}  # fmt: skip
BUBBLE = Template("""<article><h2>Nhắc việc</h2><dl>$rows</dl><footer>Đến $to lúc $at</footer></article>""")


def page(received: Sequence[Any]) -> str:
    """Return the page, the newest message first."""
    bubbles = [_bubble(message) for message in reversed(received)]
    return PAGE.substitute(count=len(received), bubbles="".join(bubbles) or '<p class="none">Chưa có tin nào.</p>')


def _bubble(message: Any) -> str:
    rows = [
        f"<dt>{NAMES.get(name, escape(name))}</dt><dd>{_shown(value)}</dd>" for name, value in message.values.items()
    ]
    at = strftime("%H:%M:%S", localtime(message.at))
    return BUBBLE.substitute(rows="".join(rows), to=escape(message.to), at=at)


def _shown(value: str) -> str:
    safe = escape(value)
    return f'<a href="{safe}">{safe}</a>' if value.startswith(("http://", "https://")) else safe
