"""Rounds of the organizational life meeting and the evaluation of members."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
