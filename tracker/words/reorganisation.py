"""The words of reorganisations: kinds, outcomes, and why a plan cannot stand."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

KIND: dict[str, LazyString] = {
    "merge": _l("Sáp nhập, hợp nhất"),
    "split": _l("Chia, tách"),
    "rename": _l("Đổi tên"),
    "dissolve": _l("Giải thể, kết thúc hoạt động"),
    "transfer": _l("Chuyển một phần chức năng"),
}
KIND_HINT: dict[str, LazyString] = {
    "merge": _l("một hay nhiều cơ quan nhập vào một cơ quan; cơ quan cũ thôi hoạt động"),
    "split": _l("một cơ quan thôi hoạt động, việc chia cho hai cơ quan trở lên"),
    "rename": _l("một cơ quan cũ, một cơ quan mới"),
    "dissolve": _l("cơ quan thôi hoạt động; việc chuyển cho một hay nhiều cơ quan khác, hoặc chưa có nơi nhận"),
    "transfer": _l("cơ quan vẫn hoạt động, một phần việc chuyển đi"),
}
STATE: dict[str, LazyString] = {"planned": _l("đang chờ"), "applied": _l("đã thực hiện"), "cancelled": _l("đã bỏ")}
OUTCOME: dict[str, LazyString] = {
    "moved": _l("chuyển"),
    "merged": _l("nhập vào phần việc sẵn có"),
    "left": _l("để lại"),
}
FAULT: dict[str, LazyString] = {
    "nobody": _l("Hãy chọn ít nhất một cơ quan cũ."),
    "twice": _l("%(agency)s được ghi hai lần với cùng một cơ quan kế thừa."),
    "itself": _l("%(agency)s không thể kế thừa chính mình."),
    "both_sides": _l("%(agency)s vừa là cơ quan cũ vừa là cơ quan kế thừa; hãy tách thành hai phương án."),
    "circle": _l("Việc của %(agency)s sẽ quay vòng về chính cơ quan này; hãy kiểm tra cơ quan kế thừa."),
    "kind": _l("Hãy chọn hình thức sắp xếp."),
    "merge": _l("Sáp nhập, hợp nhất cần đúng một cơ quan kế thừa; một cơ quan cũ thành một cơ quan mới là đổi tên."),
    "rename": _l("Đổi tên cần đúng một cơ quan cũ và một cơ quan mới."),
    "rename_into": _l("%(agency)s đã hoạt động trước ngày %(day)s; hãy chọn “Sáp nhập, hợp nhất”."),
    "split": _l("Chia, tách cần đúng một cơ quan cũ và ít nhất hai cơ quan kế thừa."),
    "transfer": _l("Chuyển một phần chức năng cần đúng một cơ quan cũ và ít nhất một cơ quan nhận."),
    "not_begun": _l("%(agency)s chưa hoạt động vào ngày %(day)s; hãy kiểm tra ngày hiệu lực."),
    "ended": _l("%(agency)s đã thôi hoạt động trước ngày %(day)s; hãy kiểm tra ngày hiệu lực."),
    "heir_not_begun": _l("%(agency)s chưa hoạt động vào ngày %(day)s nên chưa thể nhận việc."),
    "heir_ended": _l("%(agency)s đã thôi hoạt động vào ngày %(day)s nên không thể nhận việc."),
}
