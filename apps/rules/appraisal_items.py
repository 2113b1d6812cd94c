"""What is put to people in the anonymous appraisal (无记名测评): answered by them, never derived."""

from __future__ import annotations

#: Key → what stands on the sheet.
APPRAISAL_ITEMS: dict[str, str] = {
    "political_stance": "政治立场",
    "moral_example": "以身作则",
    "communication": "沟通方式",
    "big_picture": "大局观念",
    "virtue": "德",
    "diligence": "勤",
    "frugality": "俭",
    "clarity": "清",
    "integrity": "廉",
    "sincerity": "诚",
    "lead_party_spirit": "带头讲党性",
    "lead_responsibility": "带头讲担当",
    "lead_dedication": "带头讲奉献",
    "lead_integrity": "带头讲廉政",
    "unity": "团结协作",
    "not_monopolise": "主持不把持",
    "not_do_everything": "总揽不包揽",
    "not_arbitrary": "果断不武断",
    "not_shirk": "负责不推责",
    "not_let_go": "放手不撒手",
    "not_indulge": "宽容不纵容",
}

#: Asked of committee members only, about the secretary.
OF_THE_COMMITTEE = frozenset(key for key in APPRAISAL_ITEMS if key.startswith("not_"))
