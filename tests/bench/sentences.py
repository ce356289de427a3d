"""Words of the usual length for a made-up world: forty agencies, and orders put together from parts."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.rules.folding import fold

DEPARTMENTS = (
    "Thông tin và Truyền thông", "Công Thương", "Tài chính", "Nội vụ", "Y tế", "Giáo dục và Đào tạo", "Xây dựng", "Tư pháp",
    "Kế hoạch và Đầu tư", "Khoa học và Công nghệ", "Giao thông vận tải", "Tài nguyên và Môi trường", "Văn hóa và Thể thao",
    "Nông nghiệp và Phát triển nông thôn", "Lao động, Thương binh và Xã hội", "Du lịch", "Ngoại vụ",
)  # fmt: skip
AGENCIES = (
    "Văn phòng UBND tỉnh", "Thanh tra tỉnh", "Công an tỉnh", "Bảo hiểm xã hội tỉnh", "Cục Thuế tỉnh", "Cục Thống kê tỉnh",
    "Ban Quản lý các khu công nghiệp", "Đài Phát thanh và Truyền hình tỉnh", "Báo tỉnh",
    *(f"Sở {name}" for name in DEPARTMENTS), *(f"Ủy ban nhân dân huyện số {number}" for number in range(1, 15)),
)  # fmt: skip
assert len(AGENCIES) == 40
ORDERS = (
    "Xây dựng và đưa vào vận hành hệ thống giám sát, điều hành thông minh của tỉnh",
    "Rà soát, chuẩn hóa, đơn giản hóa quy trình giải quyết thủ tục hành chính trên môi trường mạng",
    "Triển khai nền tảng tích hợp, chia sẻ dữ liệu dùng chung giữa các cơ quan",
    "Tổ chức đào tạo, bồi dưỡng kỹ năng số cho cán bộ, công chức, viên chức",
    "Bảo đảm an toàn thông tin theo cấp độ cho các hệ thống đang vận hành",
    "Phát triển hạ tầng mạng băng rộng và phủ sóng di động tới thôn, bản",
    "Cung cấp dữ liệu mở và dịch vụ công trực tuyến toàn trình",
    "Số hóa hồ sơ, kết quả giải quyết thủ tục hành chính còn hiệu lực",
)
MORE = (
    "kết nối với hệ thống của Chính phủ; báo cáo kết quả theo quy định",
    "phục vụ người dân và doanh nghiệp tốt hơn; lấy sự hài lòng làm thước đo",
    "bảo đảm đồng bộ, thống nhất, tránh trùng lặp và lãng phí nguồn lực đầu tư",
    "phối hợp chặt chẽ với các đơn vị liên quan, kịp thời tháo gỡ khó khăn, vướng mắc phát sinh",
)


@dataclass(frozen=True)
class Sentence:
    """An order as a clause words it, with its parts and its folded form for the search."""

    title: str
    order: str
    whole: str
    when: str
    product: str
    folded: str


def sentences(dice: random.Random, orders: Sequence[str], more: Sequence[str], wanted: int = 400) -> list[Sentence]:
    """Return as many different orders of about 300 letters."""
    made = []
    for number in range(wanted):
        title, place = dice.choice(orders), f"giai đoạn {number + 1}"
        order = f"{title}, {place}, {', '.join(dice.sample(more, 2))}"
        when = f"Hoàn thành trong quý {1 + number % 4}"
        whole = f"{order}. {when}."
        made.append(
            Sentence(f"{title}, {place}", order, whole, when, "Hệ thống đưa vào vận hành; báo cáo kết quả", fold(whole))
        )
    return made
