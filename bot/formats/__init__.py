"""Files that readers bring and take: BibTeX, Zotero, Paperboy's own JSON, CSV. Bytes to values and back."""
