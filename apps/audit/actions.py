"""The Chinese names of all deeds. Each app's services register theirs when they are imported."""

from collections.abc import Mapping

_labels: dict[str, str] = {
    "audit.exported": "导出操作记录",
    "keys.created": "建立密钥文件",
    "keys.added": "启用新密钥",
    "keys.rewrapped": "改用新密钥加密",
    "keys.retired": "停用旧密钥",
}


def register(labels: Mapping[str, str]) -> None:
    """`{"meeting.closed": "关闭会议记录"}`: object.verb → what an auditor reads. One name for each."""
    for action, label in labels.items():
        if _labels.setdefault(action, label) != label:
            raise ValueError(f"{action} is registered as {_labels[action]} and as {label}")


def label_of(action: str) -> str:
    return _labels.get(action, action)


def is_known(action: str) -> bool:
    return action in _labels


def choices() -> list[tuple[str, str]]:
    return sorted(_labels.items(), key=lambda item: item[1])
