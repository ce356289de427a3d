"""`make zalo`: the stand-in by hand, and a rehearsal that speaks to it. Nothing leaves this machine."""

import os
import subprocess
import sys
from pathlib import Path

from tests.zalo_protocol import APP_ID, APP_SECRET, CODE, OA_ID, OA_SECRET, TEMPLATE, VERIFIER
from tests.zalo_stand_in import ZaloStandIn

ROOT = Path(__file__).resolve().parent.parent
PORT = 8011
SAID = """
Zalo giả lập: {zalo} (mở để xem tin đến như trên điện thoại)
Ba Rõ diễn tập: {app}

1. Mở {app}, vào với vai trò Quản trị, mở {app}/quan-tri/zalo
   Dán mã uỷ quyền {code} và chuỗi kiểm tra {verifier}, bấm "Liên kết với Zalo".
2. Bấm "Xem mẫu tin và hạn mức" để Ba Rõ biết độ dài từng mục.
3. Mở {app}/tai-khoan/zalo, nhập 0987654321, đánh dấu đồng ý.
4. Về {app}/quan-tri/zalo, bấm "Gửi thử cho tôi"; xem tin ở {zalo}, và dòng "một tin đã đến" ở cuối trang.

Ctrl+C để dừng cả hai. Lần đầu dựng dữ liệu diễn tập mất khoảng một phút.
"""


def main() -> int:
    """Run both until stopped."""
    listen = os.environ.get("BARO_LISTEN", "127.0.0.1:8000")
    zalo = ZaloStandIn()
    zalo.webhook = f"http://{listen}/zalo/su-kien"
    zalo.start(int(os.environ.get("ZALO_STAND_IN_PORT", PORT)))
    print(SAID.format(zalo=zalo.address, app=f"http://{listen}", code=CODE, verifier=VERIFIER), flush=True)
    program = [sys.executable, "-m", "flask", "--app", "wsgi", "start"]
    # A folder of its own: the rehearsal of `make demo` keeps its world.
    ours = {
        "DEMO": "1", "BARO_LISTEN": listen, "BARO_INSTANCE": os.environ.get("BARO_INSTANCE", "instance/zalo"),
        "ZALO_APP_ID": APP_ID, "ZALO_APP_SECRET": APP_SECRET, "ZALO_OA_ID": OA_ID, "ZALO_OA_SECRET": OA_SECRET,
        "ZALO_TEMPLATE_REMINDER": TEMPLATE, "ZALO_API_URL": zalo.address,
    }  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if name != "ZALO_STAND_IN_PORT"}
    running = subprocess.Popen(program, cwd=ROOT, env={**environment, **ours})
    try:
        return running.wait()
    except KeyboardInterrupt:
        return running.wait()
    finally:
        zalo.stop()


if __name__ == "__main__":
    sys.exit(main())
