"""What the database knows of the keys: one proof for each, so that a wrong key file is noticed at once."""

from django.db import models


class KeyCheck(models.Model):
    key_id = models.CharField("密钥编号", max_length=16, unique=True)
    proof = models.CharField("校验值", max_length=64)

    class Meta:
        verbose_name = "密钥校验"
        verbose_name_plural = "密钥校验"

    def __str__(self) -> str:
        return self.key_id
