"""Education and training (EDU)."""

from __future__ import annotations

from apps.rules.kinds import Strength, Sureness
from apps.rules.regulations import Norm

STUDY_NORMS: tuple[Norm, ...] = (
    Norm(
        code="EDU-1",
        title="党员每年学习培训的学时",
        regulation="JY",
        article="第二十条",
        strength=Strength.GENERALLY,
        sureness=Sureness.VERIFIED,
        plain_words="党员每年参加集中学习培训一般不少于 32 学时。",
        how_to=(
            "党课、集中学习在会议里写上学时。",
            "外出培训、网上课程记一笔。",
            "每季度看一次学时台账。",
            "差得多的，安排补学。",
            "年老体弱的送学上门，不作要求。",
        ),
        values=(("hours", 32),),
    ),
    Norm(
        code="EDU-2",
        title="支部书记和班子成员每年的学时",
        regulation="PX19",
        article="（条号待核对）",
        strength=Strength.GENERALLY,
        sureness=Sureness.CONFLICT,
        plain_words="书记和班子成员每年一般不少于 56 学时，至少参加一次集中培训；后来的规划以上级要求为准。",
        how_to=(
            "参加上级办的书记、委员培训。",
            "培训结束当天记一笔。",
            "年中到学时台账核对。",
            "上级另有要求的，登记本级规则。",
            "年底前补齐所差学时。",
        ),
        values=(("hours", 56), ("trainings", 1)),
    ),
    Norm(
        code="EDU-5",
        title="怎样计算学时",
        regulation="LOCAL",
        article="（通行做法）",
        strength=Strength.LOCAL,
        sureness=Sureness.MEMORY,
        plain_words="有组织的学习才计学时，一般 45 分钟算 1 学时。",
        how_to=(
            "数一数实际学习的分钟。",
            "除以 45，得到学时。",
            "开会、党课写在会议记录里。",
            "其他学习写在工作纪实里。",
            "同一次学习只记一处。",
        ),
        values=(("minutes", 45),),
    ),
)
