"""The bodies that give and carry out orders, the groups documents address, and who succeeded whom."""

from datetime import date

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base


class Agency(Base):
    """A body. `source`: document (named by one), collective (named only collectively), successor (since 2025), person (added)."""

    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)  # so-tttt
    name: Mapped[str]
    short_name: Mapped[str]
    aliases: Mapped[list[str]] = mapped_column(default=list)
    kind: Mapped[str]  # sở/ban/ngành, UBND huyện, đảng, … as the gold has it
    level: Mapped[str]  # trung ương, tỉnh, huyện, xã, khác
    collective: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(default="document")
    source_basis: Mapped[str | None] = mapped_column(Text)
    official_code: Mapped[str | None]  # GSO district code or mã định danh
    note: Mapped[str | None] = mapped_column(Text)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]  # the first day it no longer exists
    last_reported_on: Mapped[date | None]
    needs_head_approval: Mapped[bool] = mapped_column(
        default=False
    )  # its head approves a result before the Office sees it
    sort_key: Mapped[str]
    search_text: Mapped[str] = mapped_column(Text)
    seed_hash: Mapped[str | None]
    edited: Mapped[bool] = mapped_column(default=False)

    successions: Mapped[list["Succession"]] = relationship(foreign_keys="Succession.agency_id", back_populates="agency")
    predecessions: Mapped[list["Succession"]] = relationship(
        foreign_keys="Succession.successor_id", back_populates="successor"
    )


class LeaderInCharge(Base):
    """Which leader of the province is in charge of the agency, by the decision that divides the leaders' work. No row: not said."""

    __tablename__ = "leader_in_charge"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    leader_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    basis: Mapped[str | None] = mapped_column(Text)


class Succession(Base):
    """From `took_effect_on` the successor holds the open work of the agency (NQ 190/2025/QH15, Điều 10)."""

    __tablename__ = "succession"
    __table_args__ = (UniqueConstraint("agency_id", "successor_id", "took_effect_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    successor_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    took_effect_on: Mapped[date]
    scope: Mapped[str | None] = mapped_column(Text)  # which part of the work, when it was split
    legal_basis: Mapped[str] = mapped_column(Text)
    verified: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(Text)

    agency: Mapped[Agency] = relationship(foreign_keys=[agency_id], back_populates="successions")
    successor: Mapped[Agency] = relationship(foreign_keys=[successor_id], back_populates="predecessions")


class AgencyGroup(Base):
    """A collective wording ("các sở, ban, ngành") and whether we know its members."""

    __tablename__ = "agency_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)  # all_agencies
    name: Mapped[str]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))  # the collective body itself
    members_known: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(Text)

    agency: Mapped[Agency | None] = relationship()
    members: Mapped[list["AgencyGroupMember"]] = relationship(back_populates="group", cascade="all, delete-orphan")


class AgencyGroupMember(Base):
    __tablename__ = "agency_group_member"

    group_id: Mapped[int] = mapped_column(ForeignKey("agency_group.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True, index=True)
    inherited_on: Mapped[date | None]  # a member since then as a member's successor; None: the documents'

    group: Mapped[AgencyGroup] = relationship(back_populates="members")
    agency: Mapped[Agency] = relationship()


class AgencyMention(Base):
    """A clause (or pseudo-clause TIEU_DE, TEN, NOI_NHAN, CHU_KY) that names an agency."""

    __tablename__ = "agency_mention"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"), index=True)
    place: Mapped[str]  # the clause code or pseudo-clause as the gold has it
