"""Writing agencies, who succeeded whom, and the groups that collective wording addresses."""

from sqlalchemy import select

from seeds.dataset import Dataset
from seeds.rows import Loading, Row, digest
from seeds.source import Record
from tracker.models import Agency, AgencyGroup, AgencyGroupMember, AgencyMention, Succession
from tracker.rules.folding import fold, sort_key


def save_agencies(loading: Loading, dataset: Dataset) -> None:
    """Write every agency, succession and group."""
    agencies = loading.save(Agency, ["code"], [_agency(record) for record in dataset.agencies])
    _save_successions(loading, dataset)
    groups = [
        {
            "code": record["code"], "name": record["name"], "agency_id": agencies[record["agency"]],
            "members_known": bool(record.get("members")), "note": record.get("note"),
        }
        for record in dataset.groups
    ]  # fmt: skip
    ids = loading.save(AgencyGroup, ["code"], groups)
    heirs = select(AgencyGroupMember.group_id, AgencyGroupMember.agency_id)
    inherited = {
        tuple(row) for row in loading.session.execute(heirs.where(AgencyGroupMember.inherited_on.is_not(None)))
    }
    members = [
        {"group_id": ids[record["code"]], "agency_id": agencies[member]}
        for record in dataset.groups
        for member in record.get("members") or []
        if (ids[record["code"]], agencies[member]) not in inherited
    ]
    loading.replace(
        AgencyGroupMember, "group_id", [ids[record["code"]] for record in dataset.groups], members,
        AgencyGroupMember.inherited_on.is_(None),
    )  # fmt: skip


def save_agency_mentions(loading: Loading, dataset: Dataset) -> None:
    """Write which clauses and other places of the documents name an agency."""
    agencies = loading.ids["agency"]
    rows = [
        row for record in dataset.agencies for row in mentions(loading, record, "agency_id", agencies[record["code"]])
    ]
    loading.replace(AgencyMention, "agency_id", [agencies[record["code"]] for record in dataset.agencies], rows)


def mentions(loading: Loading, record: Record, column: str, owner: int) -> list[Row]:
    """Return the mention rows of an agency or a system; a place that is no clause (CHU_KY) has no clause_id."""
    documents, clauses = loading.ids["document"], loading.ids["clause"]
    return [
        {
            column: owner,
            "document_id": documents[code],
            "clause_id": clauses.get((documents[code], place)),
            "place": place,
        }
        for code, places in (record.get("mentions") or {}).items()
        for place in places
    ]


def _agency(record: Record) -> Row:
    aliases = record.get("aliases") or []
    own = {key: value for key, value in record.items() if key not in ("successors", "mentions")}
    return {
        "code": record["code"], "name": record["name"], "short_name": record["short_name"], "aliases": aliases,
        "kind": record["kind"], "level": record["level"], "collective": bool(record.get("collective")),
        "source": record["source"], "source_basis": record.get("source_basis"), "official_code": record.get("official_code"),
        "note": record.get("note"), "valid_from": record.get("valid_from"), "valid_to": record.get("valid_to"),
        "sort_key": sort_key(record["name"]), "seed_hash": digest(own),
        "search_text": fold(" ".join([record["name"], record["short_name"], *aliases, record["code"]])),
    }  # fmt: skip


def _save_successions(loading: Loading, dataset: Dataset) -> None:
    agencies = loading.ids["agency"]
    rows = [
        {
            "agency_id": agencies[record["code"]], "successor_id": agencies[successor["to"]],
            "took_effect_on": successor["took_effect_on"], "scope": successor.get("scope"),
            "legal_basis": successor["legal_basis"], "verified": successor["verified"], "note": successor.get("note"),
        }
        for record in dataset.agencies
        for successor in record.rows("successors")
    ]  # fmt: skip
    loading.save(Succession, ["agency_id", "successor_id", "took_effect_on"], rows)
