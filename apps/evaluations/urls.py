from apps.evaluations import urls_cycles, urls_desk, urls_rounds

app_name = "evaluations"
urlpatterns = [*urls_cycles.urlpatterns, *urls_desk.urlpatterns, *urls_rounds.urlpatterns]
