"""All thresholds and procedures by code, in the order of the page 「规则」. Cadences are in cadences.py."""

from __future__ import annotations

from apps.rules.norms_life import LIFE_NORMS
from apps.rules.norms_setup import SETUP_NORMS, TERM_NORMS
from apps.rules.norms_study import STUDY_NORMS
from apps.rules.norms_voting import MEETING_NORMS, VOTING_NORMS
from apps.rules.regulations import Norm

NORMS: dict[str, Norm] = {
    norm.code: norm
    for norm in (*SETUP_NORMS, *MEETING_NORMS, *VOTING_NORMS, *LIFE_NORMS, *STUDY_NORMS, *TERM_NORMS)
}
