"""Pages that belong to no part of the domain."""

from django.core.cache import cache
from django.db import connection
from django.http import JsonResponse


def healthz(request):
    """200 once database and broker answer; what a load balancer and ``./dev run`` ask."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    cache.set("healthz", "1", 10)
    return JsonResponse({"database": "ok", "broker": "ok"})
