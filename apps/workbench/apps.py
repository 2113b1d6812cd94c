from django.apps import AppConfig

from apps.audit.actions import register


class WorkbenchConfig(AppConfig):
    name = "apps.workbench"
    verbose_name = "工作台"

    def ready(self) -> None:
        """The words of deeds whose services only commands load."""
        register({"demo.loaded": "载入演示数据", "data.generated": "生成测试数据"})
