from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "apps.ballots"
    verbose_name = "无记名测评"
