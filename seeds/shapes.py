"""The shape of every file of seeds/data."""

from seeds.schema import DAY, FLAG, NUMBER, TEXT, Shape, list_of, maybe, one_of, record

NAMES = list_of(TEXT)
MENTIONS = maybe(record({}))

HEAD: Shape = {
    "code": TEXT, "kind": TEXT, "short_name": TEXT, "title": TEXT, "number": maybe(TEXT), "number_elsewhere": maybe(TEXT),
    "issued_on": maybe(DAY), "issued_on_elsewhere": maybe(DAY), "issued_on_note": maybe(TEXT), "meeting_on": maybe(DAY),
    "issuer": TEXT, "issuer_note": maybe(TEXT), "signer": maybe(TEXT), "signer_title": maybe(TEXT), "signer_note": maybe(TEXT),
    "period": maybe(TEXT), "in_force_from": DAY, "in_force_basis": TEXT, "source_file": TEXT, "source_sha256": TEXT,
    "particulars": record({}),
}  # fmt: skip
REFERENCE: Shape = {
    "kind": TEXT, "number": maybe(TEXT), "number_as_written": maybe(TEXT), "issued_on": maybe(DAY), "issuer": maybe(TEXT),
    "title": maybe(TEXT), "clause": TEXT, "note": maybe(TEXT),
}  # fmt: skip
CORRECTION: Shape = {"as_written": TEXT, "read_as": TEXT, "kind": one_of("ocr", "typo", "suggested")}
CLAUSE: Shape = {
    "code": TEXT, "parent": maybe(TEXT), "level": NUMBER, "marker": maybe(TEXT), "heading": maybe(TEXT),
    "kind": one_of("heading", "point", "bullet", "intro", "closing", "footnote"), "first_paragraph": maybe(TEXT),
    "body": maybe(NAMES), "text": TEXT, "corrections": maybe(list_of(record(CORRECTION))),
}  # fmt: skip
TASK: Shape = {
    "code": TEXT, "clause": TEXT, "short_title": TEXT, "excerpt": maybe(TEXT), "themes": NAMES,
    "kind": one_of("task", "solution", "standing_duty"), "lead": maybe(NAMES), "lead_scope": maybe(NAMES),
    "lead_wording": maybe(TEXT), "lead_clause": maybe(TEXT), "lead_role": maybe(TEXT), "coordinating": maybe(NAMES),
    "coordinating_scope": maybe(NAMES), "coordinating_wording": maybe(TEXT),
    "deadline": maybe(record({"wording": TEXT, "precision": TEXT})),
    "deadline_inherited": maybe(record({"clause": TEXT, "wording": TEXT})),
    "deliverable": maybe(TEXT), "urgency": maybe(TEXT), "items": maybe(list_of(record({"title": TEXT, "system": maybe(TEXT)}))),
    "mentions": maybe(NAMES), "note": maybe(TEXT),
}  # fmt: skip
TARGET: Shape = {
    "code": TEXT, "clause": TEXT, "indicator": TEXT, "name": TEXT, "raw": TEXT, "group": TEXT, "year": maybe(NUMBER),
    "year_note": maybe(TEXT), "scope": maybe(one_of("tỉnh", "huyện", "xã")),
    "value_type": one_of("percent", "count", "rank", "milestone", "qualitative"),
    "comparator": maybe(one_of(">", ">=", "<=", "=", "~")), "value": maybe(NUMBER), "unit": maybe(TEXT),
    "qualifier": maybe(TEXT), "embedded_in_task": maybe(FLAG), "note": maybe(TEXT),
}  # fmt: skip
DOCUMENT: Shape = {
    "document": record(HEAD), "legal_bases": list_of(record(REFERENCE)), "cited_documents": list_of(record(REFERENCE)),
    "implements": list_of(record(REFERENCE)), "clauses": list_of(record(CLAUSE)), "tasks": list_of(record(TASK)),
    "targets": list_of(record(TARGET)),
}  # fmt: skip

SUCCESSOR: Shape = {
    "to": TEXT, "took_effect_on": DAY, "legal_basis": TEXT, "verified": FLAG, "scope": maybe(TEXT), "note": maybe(TEXT),
}  # fmt: skip
AGENCY: Shape = {
    "code": TEXT, "name": TEXT, "short_name": TEXT, "aliases": maybe(NAMES), "kind": TEXT,
    "level": one_of("trung ương", "tỉnh", "huyện", "xã", "khác"), "collective": maybe(FLAG),
    "source": one_of("document", "collective", "successor"), "source_basis": maybe(TEXT), "official_code": maybe(TEXT),
    "valid_from": maybe(DAY), "valid_to": maybe(DAY), "note": maybe(TEXT),
    "successors": maybe(list_of(record(SUCCESSOR))), "mentions": MENTIONS,
}  # fmt: skip
GROUP: Shape = {"code": TEXT, "name": TEXT, "agency": TEXT, "members": maybe(NAMES), "note": maybe(TEXT)}
SYSTEM: Shape = {
    "code": TEXT, "name": TEXT, "aliases": maybe(NAMES), "kind": TEXT, "url": maybe(TEXT), "note": maybe(TEXT),
    "state": one_of("planned", "building", "operating", "unknown"),
    "state_basis": maybe(record({"clause": TEXT, "wording": TEXT})), "mentions": MENTIONS, "tasks": maybe(NAMES),
}  # fmt: skip
INDICATOR: Shape = {
    "code": TEXT, "name": TEXT, "group": one_of("chính quyền số", "kinh tế số", "xã hội số", "chung"), "unit": maybe(TEXT),
    "note": maybe(TEXT), "targets": NAMES,
}  # fmt: skip
SIDE: Shape = {
    "document": maybe(TEXT), "clause": maybe(TEXT), "task": maybe(TEXT), "target": maybe(TEXT), "wording": maybe(TEXT),
}  # fmt: skip
DISCREPANCY: Shape = {
    "code": TEXT, "severity": one_of("A", "B", "C"), "topic": one_of("target", "identity", "assignment", "duplication"),
    "subject": TEXT, "statement": TEXT, "consequence": maybe(TEXT), "references": list_of(record(SIDE)),
}  # fmt: skip
DAY_OFF: Shape = {"day": DAY, "working": FLAG, "name": TEXT, "source": TEXT}
THEME: Shape = {"code": TEXT, "name": TEXT}

REGISTERS: dict[str, tuple[str, Shape]] = {
    # file → the list in it, and the shape of its members
    "themes": ("themes", THEME),
    "calendar": ("days", DAY_OFF),
    "agencies": ("agencies", AGENCY),
    "groups": ("groups", GROUP),
    "systems": ("systems", SYSTEM),
    "indicators": ("indicators", INDICATOR),
    "discrepancies": ("discrepancies", DISCREPANCY),
}
