"""Nagios: what its status and performance data files record."""

import pathlib
import re
import shlex

import daemon
import nrpe
import plugin
import scratch

CONFIG = pathlib.Path("/etc/nagios4/nagios.cfg")
STATUS = pathlib.Path("/var/lib/nagios4/status.dat")
PERFDATA = pathlib.Path("/var/lib/nagios4/perfdata.log")
# Checks at once, and writes what it knows every second.
SETTINGS = {
    "interval_length": "60", "service_inter_check_delay_method": "n", "host_inter_check_delay_method": "n", "status_update_interval": "1",
    "check_result_reaper_frequency": "1", "max_concurrent_checks": "0", "process_performance_data": "1", "service_perfdata_file": str(PERFDATA),
    "service_perfdata_file_template": "$HOSTNAME$\\t$SERVICEDESC$\\t$SERVICEPERFDATA$", "service_perfdata_file_mode": "a",
    "log_file": "/var/log/nagios4/nagios.log", "use_syslog": "0", "cfg_file": None,
}


def run(cases, meant):
    configure(cases)
    daemon.command("nagios4", "-v", str(CONFIG))
    with nrpe.running(), daemon.running(["/usr/sbin/nagios4", str(CONFIG)], [SETTINGS["log_file"]]) as process:
        found = daemon.wait("Nagios to check everything", lambda: checked(len(cases) + 2), process)
    recorded = performance()
    for number, case in enumerate(cases):
        output, rows = meant[case.name]
        status = found["cases", f"case {number}"]
        shown = (status["current_state"], status["plugin_output"], status["long_plugin_output"], status["performance_data"])
        # In the first line Nagios writes colons for semicolons.
        text = output.first.replace(";", ":").rstrip()
        # The long output is on one line there.
        long = "\\n".join(line.replace("\\", "\\\\") for line in output.long)
        expected = (str(output.status), text, long, output.perfdata)
        assert shown == expected, f"{case.name}: Nagios recorded\n{shown}\ninstead of\n{expected}"
        assert recorded.get(f"case {number}", "") == output.perfdata, case.name
    graphs = plugin.by_perl("perfdata", [recorded.get(f"case {number}", "") for number in range(len(cases))])
    for case, graph in zip(cases, graphs, strict=True):
        assert plugin.simple(graph) == plugin.simple(meant[case.name][1]), case.name
    for service in ("Borg", "Borg here"):
        status = found["web", service]
        assert status["current_state"] == "0" and status["plugin_output"].startswith("BORG OK: "), f"{service}: {status}"
    yield f"{len(cases)} cases recorded as meant, and the two services of the manual"


def configure(cases):
    """The system's configuration with what the manual installed, and a service for each case."""
    # The samples check the machine itself.
    (CONFIG.parent / "objects/localhost.cfg").write_text("")
    lines = [line for line in CONFIG.read_text().splitlines() if line.partition("=")[0] not in SETTINGS or line.startswith("cfg_file=")]
    lines += [f"{name}={value}" for name, value in SETTINGS.items() if value]
    CONFIG.write_text("\n".join(lines) + "\n")
    objects = ["define host {\n use generic-host\n host_name cases\n address 127.0.0.1\n max_check_attempts 1\n}\n"]
    for number, case in enumerate(cases):
        arguments = "!".join(escape(text) for text in ("check_borg", *case.limits(), shlex.join(case.further())))
        objects.append(f"define service {{\n use borg\n host_name cases\n service_description case {number}\n check_command {arguments}\n}}\n")
    scratch.write("/etc/nagios4/conf.d/cases.cfg", "".join(objects))
    for directory in ("/var/lib/nagios4", "/var/lib/nagios4/rw", "/var/lib/nagios4/spool/checkresults", "/var/log/nagios4", "/var/log/nagios4/archives"):
        scratch.own(scratch.make(directory))


def escape(text):
    return text.replace("\\", "\\\\").replace("!", "\\!").replace("$", "$$").replace(";", "\\;")


def checked(count):
    """The services, once all of them have been checked."""
    try:
        text = STATUS.read_text(errors="surrogateescape")
    except FileNotFoundError:
        return None
    services = {}
    for block in re.findall(r"^servicestatus \{\n(.*?)^\t\}$", text, re.M | re.S):
        values = dict(line[1:].split("=", 1) for line in block.splitlines() if "=" in line)
        services[values["host_name"], values["service_description"]] = values
    done = [service for service in services.values() if service["has_been_checked"] == "1"]
    return services if len(done) == count == len(services) else None


def performance():
    rows = [line.split("\t", 2) for line in PERFDATA.read_text().splitlines()]
    return {service: text for host, service, text in rows if host == "cases"}
