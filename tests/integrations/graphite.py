"""A listener for what Icinga sends to Graphite: its own reading of the performance data."""

import re
import socketserver
import threading

import daemon

PORT = 2003


class Listener:
    def __enter__(self):
        metrics = self.metrics = {}

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                for line in self.rfile:
                    name, value, _time = line.decode().split(" ")
                    metrics[name] = float(value)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self.server = Server(("127.0.0.1", PORT), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.server.shutdown()
        self.server.server_close()

    def below(self, prefix):
        return {name.removeprefix(prefix): value for name, value in list(self.metrics.items()) if name.startswith(prefix)}

    def wait(self, names, process):
        """Until there are metrics of all these names."""
        try:
            daemon.wait("all performance data in Graphite", lambda: True if set(names) <= set(list(self.metrics)) else None, process)
        except AssertionError as error:
            missing = [name for name in names if name not in self.metrics]
            raise AssertionError(f"{error}; {len(missing)} missing, for instance {missing[:5]}; {len(self.metrics)} came") from error


def expected(rows):
    """What Icinga shall make of performance data. Ranges that are no plain number have no graph."""
    metrics = {}
    for label, value, _unit, warn, crit, least, most in rows:
        name = re.sub(r"[ /\\]", "_", label)
        for kind, text in (("value", value), ("warn", warn), ("crit", crit), ("min", least), ("max", most)):
            if re.fullmatch(r"-?\d+(\.\d+)?", text):
                metrics[f"{name}.{kind}"] = float(text)
    return metrics
