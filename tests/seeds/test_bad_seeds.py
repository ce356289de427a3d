"""Every bad input is refused before anything is written, with its file, its line and the reason."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from seeds import loader
from seeds.reading import read
from tracker.models import Base

TB, KH = "documents/TB1802.yaml", "documents/KH2023.yaml"
BAD = [
    ("no YAML", "groups.yaml", "  - code: all_agencies", "  - code: [all_agencies", "YAML"),
    ("key twice", TB, "  kind: Thông báo\n", "  kind: Thông báo\n  kind: Nghị quyết\n", "hai lần"),
    ("unknown key", TB, "  short_name: TB 18/02/2022", "  short_name: x\n  ten: y", "không có mục nào tên “ten”"),
    ("missing key", TB, "  in_force_from: 2022-02-18\n", "", "thiếu “in_force_from”"),
    ("wrong type", TB, "  in_force_from: 2022-02-18", "  in_force_from: hôm nay", "phải là một ngày"),
    ("no such day", TB, "  in_force_from: 2022-02-18", "  in_force_from: 2022-02-31", "không đọc được"),
    ("unknown choice", "agencies.yaml", "    source: document", "    source: rumour", "không thể là “rumour”"),
    ("blank", "agencies.yaml", "name: Chính phủ", "name: ' '", "để trống"),
    ("not NFC", "agencies.yaml", "name: Chính phủ", "name: Chi\u0301nh phủ", "NFC"),
    ("code twice", "agencies.yaml", "code: thu-tuong-chinh-phu", "code: chinh-phu", "đã có ở dòng"),
    ("task code twice", TB, "code: TB1802:2.d#2", "code: TB1802:2.d#1", "đã có ở dòng"),
    ("task of another clause", TB, "code: TB1802:6.b", "code: TB1802:6.a#9", "phải bắt đầu bằng “TB1802:6.b”"),
    ("no such clause", TB, "    clause: 6.b", "    clause: 6.z", "không có điều khoản nào là “6.z”"),
    ("parent below", TB, "    parent: '2'\n", "    parent: '7'\n", "khoản đứng trước"),
    (
        "excerpt not in the clause",
        TB,
        "    excerpt: Giao Sở Tài nguyên",
        "    excerpt: Giao Sở Y tế",
        "không có trong điều khoản 5",
    ),
    ("no such agency", TB, "    lead: [vp-ubnd-tinh]", "    lead: [vp-ubnd]", "không có cơ quan nào là “vp-ubnd”"),
    (
        "no such group",
        TB,
        "    lead_scope: [all_levels",
        "    lead_scope: [everybody",
        "không có nhóm cơ quan nào là “everybody”",
    ),
    ("no such theme", TB, "    themes: [dữ liệu]", "    themes: [dữ kiện]", "không có lĩnh vực nào là “dữ kiện”"),
    ("no such system", KH, "system: quan-ly-cong-viec", "system: quan-ly", "không có hệ thống nào là “quan-ly”"),
    (
        "wording not in the clause",
        TB,
        "wording: hoàn thành chậm nhất trong tháng 06/2022",
        "wording: trong tháng 07/2022",
        "không có trong điều khoản 4",
    ),
    ("precision misread", TB, "tháng 04/2022, precision: month", "tháng 04/2022, precision: day", "đọc ra “month”"),
    (
        "wording that says no time",
        TB,
        "wording: hoàn thành chậm nhất trong tháng 04/2022",
        "wording: vận hành hiệu quả",
        "không đọc được thời hạn",
    ),
    (
        "inherited without a date",
        "documents/CT.yaml",
        "{clause: III.1, wording: đến hết tháng 12 năm 2025}",
        "{clause: III.1, wording: Từ ngày phát động}",
        "không đọc được thời hạn",
    ),
    (
        "no such indicator",
        KH,
        "    indicator: tslcd_cap_xa",
        "    indicator: tslcd",
        "không có chỉ tiêu nào là “tslcd”",
    ),
    (
        "target not listed by its indicator",
        KH,
        "    indicator: tslcd_cap_xa",
        "    indicator: xa_diem",
        "không kể “KH2023:III.3.-2”",
    ),
    (
        "target of another indicator",
        "indicators.yaml",
        "['KH2023:III.3.-2']",
        "['KH2023:III.3.-2', 'KH2023:III.7.-3']",
        "“KH2023:III.7.-3” thuộc chỉ tiêu",
    ),
    (
        "raw not in the clause",
        KH,
        "    raw: 100% UBND cấp xã",
        "    raw: 90% UBND cấp xã",
        "không có trong điều khoản III.3.-2",
    ),
    ("number without value", KH, "    value: 40\n", "", "phải có “value”"),
    ("member unknown", "groups.yaml", "so-khdt", "so-ke-hoach", "không có cơ quan nào là “so-ke-hoach”"),
    (
        "successor unknown",
        "agencies.yaml",
        "- to: so-nnmt",
        "- to: so-nong-nghiep",
        "không có cơ quan nào là “so-nong-nghiep”",
    ),
    (
        "mention of no clause",
        "agencies.yaml",
        "TB01: [2.-2.+2]",
        "TB01: [2.-2.+9]",
        "không có điều khoản nào là “TB01:2.-2.+9”",
    ),
    ("state without wording", "systems.yaml", "state: unknown", "state: operating", "phải có “state_basis”"),
    (
        "state basis not in the clause",
        "systems.yaml",
        "wording: 'Duy trì và hoàn thiện nền tảng",
        "wording: 'Đã hoàn thiện nền tảng",
        "không có trong điều khoản KH2023:III.5.-1",
    ),
    (
        "system of no task",
        "systems.yaml",
        "tasks: ['KH2023:III.5.-1#1'",
        "tasks: ['KH2023:III.5.-1#7'",
        "không có nhiệm vụ nào",
    ),
    (
        "discrepancy that misquotes",
        "discrepancies.yaml",
        "wording: chiếm 10% GRDP",
        "wording: chiếm 12% GRDP",
        "không có trong điều khoản NQ05:II.3.b.-1",
    ),
    (
        "discrepancy of nothing",
        "discrepancies.yaml",
        "{target: 'CT:II.1.a.-5', wording: 50%}",
        "{wording: 50%}",
        "đúng một trong",
    ),
    (
        "weekday worked instead",
        "calendar.yaml",
        "{day: 2024-05-04, working: true",
        "{day: 2024-05-06, working: true",
        "vốn là ngày làm việc",
    ),
    ("day twice", "calendar.yaml", "{day: 2022-01-03,", "{day: 2022-01-01,", "đã có ở dòng"),
    ("text changed", TB, "  source_sha256: 8646", "  source_sha256: 9646", "đã bị thay đổi"),
    (
        "text missing",
        TB,
        "  source_file: thong-bao-2022-02-18.txt",
        "  source_file: mat.txt",
        "không đọc được documents/mat.txt",
    ),
    (
        "correction of nothing",
        "documents/TB01.yaml",
        "{as_written: khuyển khích",
        "{as_written: khuyễn khích",
        "không có trong điều khoản",
    ),
]


Spoil = Callable[[str, str, str], int]


@pytest.mark.parametrize(("file", "old", "new", "reason"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD])
def test_refused_with_file_line_and_reason(
    folder: Path, spoil: Spoil, file: str, old: str, new: str, reason: str
) -> None:
    line = spoil(file, old, new)
    with pytest.raises(loader.SeedError) as refused:
        read(folder)
    error = refused.value
    assert error.file == f"seeds/data/{file}"
    assert reason in error.reason
    # What is missing has no line: the record that lacks it is blamed. A parser notices a bracket one line late.
    assert -1 <= line - error.line <= (16 if "thiếu" in reason or "phải có" in reason else 1), error
    assert str(error) == f"seeds/data/{file}, dòng {error.line}: {error.reason}"


@pytest.mark.unseeded
def test_nothing_is_written(context: Any, folder: Path, spoil: Spoil) -> None:
    spoil("discrepancies.yaml", "wording: chiếm 10% GRDP", "wording: chiếm 12% GRDP")
    with pytest.raises(loader.SeedError):
        loader.load(context, folder)
    tables = [
        table for table in Base.metadata.tables.values() if table.name != "event_chain"
    ]  # its one row is the migration's
    assert sum(context.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables) == 0


def test_a_file_that_is_missing(folder: Path) -> None:
    (folder / "data" / "themes.yaml").unlink()
    with pytest.raises(loader.SeedError, match=r"seeds/data/themes\.yaml, dòng 1: không đọc được tệp"):
        read(folder)


def test_a_file_in_another_encoding(folder: Path) -> None:
    path = folder / "data" / "themes.yaml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    with pytest.raises(loader.SeedError, match="không phải UTF-8"):
        read(folder)


def test_a_file_that_holds_nothing(folder: Path) -> None:
    (folder / "data" / "themes.yaml").write_text("# nothing\n", encoding="utf-8")
    with pytest.raises(loader.SeedError, match="phải là các cặp"):
        read(folder)


def test_no_document_at_all(folder: Path) -> None:
    for path in (folder / "data" / "documents").iterdir():
        path.unlink()
    with pytest.raises(loader.SeedError, match="không có văn bản nào"):
        read(folder)
