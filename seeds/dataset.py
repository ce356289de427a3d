"""Everything the seeds say, as records that know their lines."""

from dataclasses import dataclass, field
from pathlib import Path

from seeds.source import Record


@dataclass
class Dataset:
    """The seed records by file; a document is the whole record of its file."""

    folder: Path
    documents: list[Record] = field(default_factory=list)
    themes: list[Record] = field(default_factory=list)
    days: list[Record] = field(default_factory=list)
    agencies: list[Record] = field(default_factory=list)
    groups: list[Record] = field(default_factory=list)
    systems: list[Record] = field(default_factory=list)
    indicators: list[Record] = field(default_factory=list)
    discrepancies: list[Record] = field(default_factory=list)

    def source(self, head: Record) -> bytes:
        """Return the document's own text, byte for byte. Raises SeedError when the file is missing."""
        name: str = head["source_file"]
        try:
            return (self.folder / "documents" / name).read_bytes()
        except OSError as error:
            reason = f"không đọc được documents/{name} ({error.strerror})."
            raise head.wrong(reason, "source_file") from error
