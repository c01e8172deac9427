"""Icinga's API on this machine."""

import base64
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request

AUTHORITY = "/var/lib/icinga2/certs/ca.crt"


class Api:
    def __init__(self, password):
        self.credentials = base64.b64encode(f"root:{password}".encode()).decode()
        self.context = ssl.create_default_context(cafile=AUTHORITY)
        # It is not reached by its name.
        self.context.check_hostname = False

    def ask(self, path, body=None):
        headers = {"Accept": "application/json", "Authorization": f"Basic {self.credentials}"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"https://127.0.0.1:5665/v1/{path}", data=data, headers=headers)
        with urllib.request.urlopen(request, context=self.context, timeout=60) as answer:
            return json.load(answer)["results"]

    def answers(self):
        try:
            return self.ask("status/ApiListener") and True
        except (urllib.error.URLError, ConnectionError, ssl.SSLError):
            return None

    def sends_to_graphite(self):
        (status,) = self.ask("status/GraphiteWriter")
        return status["status"]["graphitewriter"]["graphite"]["connected"] or None

    def check(self, service):
        self.ask("actions/reschedule-check", {"type": "Service", "service": service, "force": True})

    def check_all(self):
        self.ask("actions/reschedule-check", {"type": "Service", "filter": "true", "force": True})

    def service(self, name):
        return self.ask(f"objects/services/{urllib.parse.quote(name)}")[0]["attrs"]

    def services(self):
        return {service["name"]: service["attrs"] for service in self.ask("objects/services?attrs=last_check_result&attrs=state")}
