from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "apps.ledger"
    verbose_name = "台账"

    def ready(self) -> None:
        """Follow what the apps below tell of changed branches; they do not know of us."""
        from apps.branches.changes import listen  # noqa: PLC0415 - models load once all apps are ready
        from apps.ledger.services import recount  # noqa: PLC0415 - models load once all apps are ready

        listen(recount)
