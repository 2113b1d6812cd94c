"""Cycles and the evaluations of branches in them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
