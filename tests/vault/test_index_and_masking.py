from apps.vault.index import blind_index
from apps.vault.masking import mask_address, mask_id, mask_phone

ID = "11010119900307777X"


def test_equal_numbers_have_equal_indexes_however_they_are_written() -> None:
    index = blind_index("members.id_number", ID)
    assert len(index) == 64
    for written in ("11010119900307777x", " 110101 19900307777X ", "１１０１０１１９９００３０７７７７Ｘ"):
        assert blind_index("members.id_number", written) == index


def test_other_numbers_and_other_columns_have_other_indexes() -> None:
    index = blind_index("members.id_number", ID)
    assert blind_index("members.id_number", "110101199003077778") != index
    assert blind_index("members.mobile_phone", ID) != index


def test_nothing_has_no_index() -> None:
    assert blind_index("members.id_number", " ") == ""


def test_numbers_are_masked() -> None:
    assert mask_id(ID) == "110101********777X"
    assert mask_id("110101900307777") == "110101*****7777"
    assert mask_phone("13912345678") == "139****5678"
    assert mask_phone("7201234") == "*****34"
    assert mask_id("1234567890") == "**********"
    assert mask_id("") == mask_phone("") == mask_address("") == ""


def test_addresses_keep_no_house() -> None:
    assert mask_address("青川县乔庄镇幸福路8号三单元") == "青川县乔庄镇****"
    assert mask_address("幸福路8号") == "幸福****"
