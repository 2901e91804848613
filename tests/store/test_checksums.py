"""What a manifest notes of its files and of itself is held against them when they are read."""

import json

import pytest

from sim.errors import ResultError
from sim.store.checksums import FILES, check_seal, intact, noted, sealed


def test_a_file_is_found_as_it_was_written_or_named(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("some words")
    manifest = {FILES: noted(tmp_path, [file])}
    assert intact(tmp_path, manifest, "a.txt") == file
    file.write_text("some wards")
    with pytest.raises(ResultError, match=r"a\.txt cannot be read: it is damaged"):
        intact(tmp_path, manifest, "a.txt")
    file.unlink()
    with pytest.raises(ResultError, match=r"a\.txt cannot be read"):
        intact(tmp_path, manifest, "a.txt")
    with pytest.raises(ResultError, match="not one of the files"):
        intact(tmp_path, manifest, "b.txt")


@pytest.mark.parametrize("change", [{"seed": 2}, {"more": None}, {"files": {}}, {"checksum": "0"}])
def test_a_manifest_that_was_edited_does_not_fit_itself(tmp_path, change):
    manifest = json.loads(json.dumps(sealed({"seed": 1, "title": "\u00e9", FILES: {"a": {}}})))
    check_seal(tmp_path, manifest)
    with pytest.raises(ResultError, match="not as it was written"):
        check_seal(tmp_path, manifest | change)
