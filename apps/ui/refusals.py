"""A service that cannot do what was asked raises a Refusal; the view shows its words."""


class Refusal(Exception):
    """The base of every named refusal. `message` is the Chinese sentence that the user reads."""

    default = "无法完成此操作。"

    def __init__(self, message: str | None = None, *, field: str | None = None) -> None:
        self.message = message or self.default
        self.field = field
        super().__init__(self.message)


class Stale(Refusal):
    """The record was changed by somebody else since the form was opened."""

    default = "这条记录刚刚被别人修改过。您填写的内容没有丢失，请对照两份内容后再保存。"
