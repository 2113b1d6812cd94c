from django.apps import AppConfig


class TalksConfig(AppConfig):
    name = "apps.talks"
    verbose_name = "谈心谈话"

    def ready(self) -> None:
        """A person's own page shows his talks; the app that puts the page together may not know of us."""
        from apps.members.own_page import register_share  # noqa: PLC0415 - models load once apps are ready
        from apps.talks.services_own import SHARE  # noqa: PLC0415 - as above

        register_share(SHARE, order=40)
