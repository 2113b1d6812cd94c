from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "apps.vault"
    verbose_name = "数据保护"

    def ready(self) -> None:
        from apps.vault import checks  # noqa: F401, PLC0415 - importing registers the checks; models come first
