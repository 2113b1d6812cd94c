from django.db import migrations, models
from django.db.models import F


def take_the_path_of_today(apps, schema_editor):
    apps.get_model("evaluations", "BranchEvaluation").objects.update(rules_path=F("path"))


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0003_decided_anew")]

    operations = [
        migrations.AddField(
            model_name="branchevaluation",
            name="rules_path",
            field=models.CharField(default="", editable=False, max_length=60),
        ),
        migrations.RunPython(take_the_path_of_today, migrations.RunPython.noop),
    ]
