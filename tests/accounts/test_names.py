import pytest

from apps.accounts.names import SURNAMES, pinyin_of, tidy_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("王小兰", ("wangxiaolan", "wxl")),
        ("曾国强", ("zengguoqiang", "zgq")),
        ("单于飞", ("shanyufei", "syf")),
        ("尉迟敬", ("yuchijing", "ycj")),
        ("解晓东", ("xiexiaodong", "xxd")),
        ("查良", ("zhaliang", "zl")),
        ("仇英", ("qiuying", "qy")),
        ("区志远", ("ouzhiyuan", "ozy")),
        ("翟明", ("zhaiming", "zm")),
        ("朴正", ("piaozheng", "pz")),
        ("盖兵", ("gebing", "gb")),
        ("乐平", ("yueping", "yp")),
        ("吕布衣", ("lvbuyi", "lby")),
        ("欧阳长河", ("ouyangchanghe", "oych")),
        ("阿依古丽·买买提", ("ayigulimaimaiti", "ayglmmt")),
        ("张John", ("zhangjohn", "zj")),
        ("", ("", "")),
    ],
)
def test_a_name_is_read_as_its_bearer_reads_it(name, expected):
    assert pinyin_of(name) == expected


def test_a_character_of_the_surname_table_is_read_normally_inside_a_given_name():
    assert pinyin_of("王解放") == ("wangjiefang", "wjf")


def test_every_surname_of_the_table_is_used():
    assert [pinyin_of(surname + "一")[0] for surname in SURNAMES] == [
        reading.replace(" ", "") + "yi" for reading in SURNAMES.values()
    ]


def test_very_long_names_fit_their_columns():
    pinyin, initials = pinyin_of("庄" * 50)
    assert (len(pinyin), len(initials)) == (200, 20)


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        (" 张 三 ", "张三"),
        ("张　三", "张三"),
        ("Ｊｏｈｎ Smith", "John Smith"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("𠮷 田", "𠮷田"),
    ],
)
def test_names_are_tidied(typed, tidy):
    assert tidy_name(typed) == tidy
