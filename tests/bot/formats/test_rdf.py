from datetime import date

import pytest

from bot.formats.collection import Collection, Entry, Obstacle, Problem, Reject, UnreadableCollectionError
from bot.formats.reading import read_collection

HEAD = """<?xml version="1.0" encoding="iso-8859-1"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:dcterms="http://purl.org/dc/terms/" xmlns:bib="http://purl.org/net/biblio#"
 xmlns:foaf="http://xmlns.com/foaf/0.1/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:link="http://purl.org/rss/1.0/modules/link/"
 xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/">
"""
PREPRINT = """<rdf:Description rdf:about="http://arxiv.org/abs/1706.03762">
  <z:itemType>preprint</z:itemType>
  <bib:authors><rdf:Seq>
    <rdf:li><foaf:Person><foaf:surname>Müller</foaf:surname><foaf:givenName>Ada</foaf:givenName></foaf:Person></rdf:li>
    <rdf:li><foaf:Person><foaf:surname>Plato</foaf:surname></foaf:Person></rdf:li>
  </rdf:Seq></bib:authors>
  <dcterms:isReferencedBy rdf:resource="#item_2"/>
  <link:link rdf:resource="#item_3"/>
  <dc:subject><z:AutomaticTag><rdf:value>Computer Science</rdf:value></z:AutomaticTag></dc:subject>
  <dc:subject>mine</dc:subject>
  <dc:title>Attention &amp; More</dc:title>
  <dcterms:abstract>We attend.</dcterms:abstract>
  <dc:date>2017-06-12</dc:date>
  <dc:identifier><dcterms:URI><rdf:value>http://arxiv.org/abs/1706.03762</rdf:value></dcterms:URI></dc:identifier>
  <prism:number>arXiv:1706.03762</prism:number>
</rdf:Description>
<bib:Memo rdf:about="#item_2"><rdf:value>&lt;p&gt;Read it&lt;/p&gt;</rdf:value></bib:Memo>
<z:Attachment rdf:about="#item_3"><z:itemType>attachment</z:itemType><dc:title>PDF</dc:title></z:Attachment>
<z:Collection rdf:about="#collection_1"><dc:title>My folder</dc:title></z:Collection>
"""
ARTICLE = """<bib:Article rdf:about="#item_9">
  <z:itemType>journalArticle</z:itemType>
  <dcterms:isPartOf><bib:Journal><dc:title>Nature</dc:title>
    <dc:identifier>DOI 10.1038/NATURE14539</dc:identifier></bib:Journal></dcterms:isPartOf>
  <dc:title>Deep learning</dc:title><dc:date>May 2015</dc:date>
</bib:Article>
"""


def read(text: str) -> Collection:
    return read_collection(text.encode(), "My Library.rdf")


def test_reads_zoteros_library() -> None:
    """Items are read with their notes; attachments, folders and journals are no papers."""
    assert read(f"{HEAD}{PREPRINT}{ARTICLE}</rdf:RDF>") == Collection(
        (
            Entry(
                title="Attention & More",
                abstract="We attend.",
                authors=("Ada Müller", "Plato"),
                published=date(2017, 6, 12),
                arxiv_id="1706.03762",
                url="http://arxiv.org/abs/1706.03762",
                keywords=("mine", "Computer Science"),
                note="Read it",
            ),
            Entry(title="Deep learning", year=2015, doi="10.1038/nature14539"),
        )
    )


def test_keeps_what_came_before_a_fault() -> None:
    """Where the XML breaks off, the items before stay, and a reject tells of the rest."""
    collection = read(f"{HEAD}{ARTICLE}{PREPRINT[:300]}")
    assert [entry.title for entry in collection.entries] == ["Deep learning"]
    assert collection.rejects == (Reject("#2", Problem.BROKEN),)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_opens_no_entities(doctype: str) -> None:
    """Bombs of entities and entities from elsewhere are refused, with what to do."""
    with pytest.raises(UnreadableCollectionError) as refusal:
        read(HEAD.replace("<rdf:RDF", f"{doctype}<rdf:RDF") + f"{ARTICLE}</rdf:RDF>")
    assert refusal.value.obstacle is Obstacle.UNSAFE


def test_stops_where_tags_go_too_deep() -> None:
    """A file that nests its tags for ever costs neither memory nor the items before."""
    collection = read(f"{HEAD}{ARTICLE}{'<a>' * 100_000}")
    assert [entry.title for entry in collection.entries] == ["Deep learning"]
    assert collection.rejects == (Reject("#2", Problem.BEYOND_LIMIT),)


def test_other_xml_is_refused() -> None:
    """A page or a feed is no library."""
    with pytest.raises(UnreadableCollectionError) as refusal:
        read("<html><body>RDF</body></html>")
    assert refusal.value.obstacle is Obstacle.UNKNOWN
