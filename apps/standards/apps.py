from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "apps.standards"
    verbose_name = "评议标准"

    def ready(self) -> None:
        """Load the shipped standards at the first run; the app of accounts does not know of us."""
        from apps.accounts.first_run import prepare  # noqa: PLC0415 - models load once all apps are ready
        from apps.standards.services_load import load_at_first_run  # noqa: PLC0415 - as above

        prepare(load_at_first_run)
