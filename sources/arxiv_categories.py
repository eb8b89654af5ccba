"""The categories of arXiv (https://arxiv.org/category_taxonomy), and how their names are read."""

from __future__ import annotations

import re

from sources.cleaning import excerpt
from sources.values import SourceError

_SUBJECTS = {
    "astro-ph": "CO EP GA HE IM SR",
    "cond-mat": "dis-nn mes-hall mtrl-sci other quant-gas soft stat-mech str-el supr-con",
    "cs": "AI AR CC CE CG CL CR CV CY DB DC DL DM DS ET FL GL GR GT HC IR IT LG LO MA MM MS NA NE NI OH OS "
    "PF PL RO SC SD SE SI SY",
    "econ": "EM GN TH",
    "eess": "AS IV SP SY",
    "math": "AC AG AP AT CA CO CT CV DG DS FA GM GN GR GT HO IT KT LO MG MP NA NT OA OC PR QA RA RT SG SP ST",
    "nlin": "AO CD CG PS SI",
    "physics": "acc-ph ao-ph app-ph atm-clus atom-ph bio-ph chem-ph class-ph comp-ph data-an ed-ph flu-dyn "
    "gen-ph geo-ph hist-ph ins-det med-ph optics plasm-ph pop-ph soc-ph space-ph",
    "q-bio": "BM CB GN MN NC OT PE QM SC TO",
    "q-fin": "CP EC GN MF PM PR RM ST TR",
    "stat": "AP CO ME ML OT TH",
}
_WHOLE = "gr-qc hep-ex hep-lat hep-ph hep-th math-ph nucl-ex nucl-th quant-ph"
CATEGORIES = (
    *(f"{archive}.{subject}" for archive, subjects in _SUBJECTS.items() for subject in subjects.split()),
    *_WHOLE.split(),
)
_SPELLED = {category.lower(): category for category in CATEGORIES}


def read_categories(text: str) -> tuple[str, ...]:
    """Read categories that stand between plus signs, as in ``cs.AI+cs.CL``, each once, in arXiv's spelling.

    Raises:
        SourceError: There is none, or one that arXiv does not have.
    """
    names = [name.strip() for name in re.split(r"[+\s]+", text) if name.strip()]
    if not names:
        raise SourceError("arxiv needs categories, as in arxiv:cs.AI+cs.CL")
    for name in names:
        if name.lower() not in _SPELLED:
            raise SourceError(_explain_unknown(excerpt(name)))
    return tuple(dict.fromkeys(_SPELLED[name.lower()] for name in names))


def is_category(name: str) -> bool:
    """Tell whether arXiv has a category of this name, in whatever case."""
    return name.strip().lower() in _SPELLED


def _explain_unknown(name: str) -> str:
    if subjects := _SUBJECTS.get(name.lower()):
        first, second, *_ = (f"{name.lower()}.{subject}" for subject in subjects.split())
        return f"arXiv's {name.lower()} is many categories: name those you want, as in arxiv:{first}+{second}"
    return f"arXiv has no category {name}: they are listed at https://arxiv.org/category_taxonomy"
