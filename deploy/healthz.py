"""Health check of the web container: exit 0 when the site answers that it is well under its own name."""

import os
import sys
import urllib.request

address = f"http://127.0.0.1:{os.environ['PORT']}/healthz"
name = os.environ["ALLOWED_HOSTS"].split(",")[0]
request = urllib.request.Request(address, headers={"Host": name})  # noqa: S310  # a fixed address of our own
try:
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
        sys.exit(answer.status != 200)
except OSError as error:
    sys.exit(f"{address}: {error}")
