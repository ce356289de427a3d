"""The seed files, read and checked as one whole before anything is written."""

import hashlib
from pathlib import Path

from seeds import links, shapes
from seeds.dataset import Dataset
from seeds.schema import check, list_of, record
from seeds.source import SeedError, read_yaml


def read(folder: Path) -> Dataset:
    """Return the checked seeds of a folder. Raises SeedError (file, line, reason) for the first thing that is wrong."""
    dataset = Dataset(folder)
    for file, (key, shape) in shapes.REGISTERS.items():
        found = read_yaml(folder, folder / "data" / f"{file}.yaml")
        check(found, {key: list_of(record(shape))})
        setattr(dataset, key, found.rows(key))
    _read_documents(dataset)
    links.check_links(dataset)
    return dataset


def _read_documents(dataset: Dataset) -> None:
    folder = dataset.folder
    for path in sorted((folder / "data" / "documents").glob("*.yaml")):
        document = read_yaml(folder, path)
        check(document, shapes.DOCUMENT)
        head = document["document"]
        if hashlib.sha256(dataset.source(head)).hexdigest() != head["source_sha256"]:
            raise head.wrong(f"documents/{head['source_file']} đã bị thay đổi so với source_sha256.", "source_sha256")
        dataset.documents.append(document)
    if not dataset.documents:
        raise SeedError(f"{folder.name}/data/documents", 1, "không có văn bản nào.")
    dataset.documents.sort(key=lambda document: (document["document"]["in_force_from"], document["document"]["code"]))
