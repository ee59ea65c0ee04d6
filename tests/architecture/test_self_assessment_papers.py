"""What the self-assessment says our own documents state stands under a heading that they have."""

import tomllib

import pytest

from tools import self_assessment_papers
from tools.self_assessment_papers import READ_ON, papers


def test_every_heading_that_is_cited_is_there(tmp_path):
    told = tomllib.loads(papers(tmp_path))
    assert {document["dated"] for document in told["document"]} == {READ_ON}
    for document in told["document"]:
        assert (tmp_path / document["file"]).is_file()


def test_a_heading_that_went_away_is_found(tmp_path, monkeypatch):
    kind, file, states = self_assessment_papers._PAPERS[0]
    item, _, words = states[0]
    gone = ((kind, file, ((item, ("No such heading",), words),)),)
    monkeypatch.setattr(self_assessment_papers, "_PAPERS", gone)
    with pytest.raises(ValueError, match="No such heading"):
        papers(tmp_path)
