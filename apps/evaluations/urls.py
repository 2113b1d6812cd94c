from apps.evaluations import urls_cycles, urls_rounds

app_name = "evaluations"
urlpatterns = [*urls_cycles.urlpatterns, *urls_rounds.urlpatterns]
