from django.apps import AppConfig


class WorklogConfig(AppConfig):
    name = "apps.worklog"
    verbose_name = "工作纪实"
