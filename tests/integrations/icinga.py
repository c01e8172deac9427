"""Icinga 2, and its agent: what its API shows and what it sends to Graphite.

The agent is a second Icinga with directories of its own, set up as Icinga's
manual says. It gets the CheckCommand from the global zone.
"""

import json
import pathlib
import re
import shutil
import time

import daemon
import graphite
import icinga_api
import scratch

CONFIG = pathlib.Path("/etc/icinga2")
LOG = "/var/log/icinga2/icinga2.log"
# The agent's directories, mounted where Icinga looks for them.
AGENT = pathlib.Path("/run/agent")
AGENT_MOUNTS = {"etc": "/etc/icinga2", "lib": "/var/lib/icinga2", "log": "/var/log/icinga2", "cache": "/var/cache/icinga2", "run": "/run/icinga2"}
AGENT_PORT = "5667"
HOSTS = ("cases", "agent")


def run(cases, meant):
    daemon.command("/usr/lib/icinga2/prepare-dirs")
    copy_for_agent()
    password = set_up_master(cases)
    daemon.command("icinga2", "daemon", "-C")
    api = icinga_api.Api(password)
    agent = in_agent("exec icinga2 daemon")
    with graphite.Listener() as graphs, daemon.running(["icinga2", "daemon"], [LOG]) as process:
        daemon.wait("Icinga's API", api.answers, process)
        set_up_agent()
        with daemon.running(agent, [AGENT / "log/icinga2.log"]):
            daemon.wait("the agent to know the check", lambda: knows(api), process)
            # What it gets before is lost.
            daemon.wait("Icinga to connect to Graphite", api.sends_to_graphite, process)
            began = time.time()
            api.check_all()
            found = daemon.wait("Icinga to check everything", lambda: checked(api, began, 2 * len(cases) + 1), process)
            wanted = {(host, case.name): graphite.expected(meant[case.name][1]) for host in HOSTS for case in cases}
            names = {(host, case.name): f"icinga2.{host}.services.borg_case_{number}.borg.perfdata." for host in HOSTS for number, case in enumerate(cases)}
            graphs.wait([names[key] + name for key, metrics in wanted.items() for name in metrics], process)
    for host in HOSTS:
        for number, case in enumerate(cases):
            output, _ = meant[case.name]
            service = found[f"{host}!borg case {number}"]
            result = service["last_check_result"]
            # The state of a service is WARNING as 1.0, and so on.
            shown = (int(result["state"]), result["exit_status"], without_trailing_blanks(result["output"]), " ".join(result["performance_data"] or []))
            text = without_trailing_blanks("\n".join([output.first, *output.long]))
            expected = (output.status, output.status, text, output.perfdata)
            assert shown == expected, f"{host} {case.name}: Icinga recorded\n{shown}\ninstead of\n{expected}"
            assert result["check_source"] == ("agent" if host == "agent" else "master"), result["check_source"]
    for key, metrics in wanted.items():
        sent = graphs.below(names[key])
        assert sent == metrics, f"{key}: Graphite got {sent} instead of {metrics}"
    manual = found["web!borg all"]["last_check_result"]
    assert manual["state"] == 0 and manual["output"].startswith("BORG OK: "), manual
    yield f"{len(cases)} cases recorded and graphed as meant, and again through the agent, and the service of the manual"


def without_trailing_blanks(text):
    """Icinga keeps the blank before the performance data."""
    return "\n".join(line.rstrip() for line in text.split("\n"))


def set_up_master(cases):
    daemon.command("icinga2", "node", "setup", "--master", "--cn", "master")
    # The samples check the machine itself.
    for sample in ("hosts.conf", "services.conf", "notifications.conf", "downtimes.conf"):
        (CONFIG / "conf.d" / sample).unlink()
    scratch.write(CONFIG / "conf.d/cases.conf", (
        'object Endpoint "agent" {}\nobject Zone "agent" {\n endpoints = [ "agent" ]\n parent = ZoneName\n}\n'
        f'object GraphiteWriter "graphite" {{\n host = "127.0.0.1"\n port = {graphite.PORT}\n enable_send_thresholds = true\n}}\n'
    ))
    objects = []
    for host in HOSTS:
        objects.append(f'object Host "{host}" {{\n check_command = "dummy"\n')
        if host == "agent":
            objects.append(' vars.agent_endpoint = "agent"\n')
        objects += [f' vars.borg["case {number}"] = {literal(variables(case))}\n' for number, case in enumerate(cases)]
        objects.append("}\n")
    # A host with an agent must be in a zone.
    scratch.write(CONFIG / "zones.d/master/cases.conf", "".join(objects))
    users = (CONFIG / "conf.d/api-users.conf").read_text()
    return re.search(r'password = "(\w+)"', users)[1]


def variables(case):
    """The case as the variables of the CheckCommand."""
    names = {"-v": "verbose", "-vv": "more_verbose"}
    values = {f"borg_{names.get(name, name).replace('-', '_')}": value for name, value in case.options.items()}
    if case.inputs:
        values["borg_input"] = case.inputs
    if case.command:
        values["borg_command"] = case.command
    return values


def literal(value):
    """A value in Icinga's language; a dollar sign is written twice."""
    if value is True:
        return "true"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {literal(item)}" for name, item in value.items()) + " }"
    if isinstance(value, list):
        return "[ " + ", ".join(map(literal, value)) + " ]"
    return json.dumps(value, ensure_ascii=False).replace("$", "$$")


def copy_for_agent():
    for name, path in AGENT_MOUNTS.items():
        daemon.command("cp", "-a", path, str(scratch.make(AGENT) / name))
    shutil.rmtree(AGENT / "etc/zones.d/global-templates")


def in_agent(script):
    """The script where the agent's directories are Icinga's."""
    mounts = "".join(f"mount --bind {AGENT / name} {path} && " for name, path in AGENT_MOUNTS.items())
    return ["unshare", "--mount", "sh", "-c", mounts + script]


def set_up_agent():
    ticket = daemon.command("icinga2", "pki", "ticket", "--cn", "agent").strip()
    certificate = "/var/lib/icinga2/certs/trusted-master.crt"
    (AGENT / "lib/certs").mkdir()
    shutil.copy("/var/lib/icinga2/certs/master.crt", AGENT / "lib/certs/trusted-master.crt")
    daemon.command(*in_agent(
        f"chown -R nagios:nagios /var/lib/icinga2/certs && icinga2 node setup --ticket {ticket} --cn agent --zone agent --endpoint master,127.0.0.1,5665"
        f" --parent_host 127.0.0.1,5665 --parent_zone master --listen 127.0.0.1,{AGENT_PORT} --trustedcert {certificate}"
        " --accept-commands --accept-config --disable-confd"
    ))


def knows(api):
    """Whether the agent runs the check already. It starts again when it gets its first configuration."""
    name = "agent!borg case 0"
    api.check(name)
    time.sleep(0.5)
    result = api.service(name)["last_check_result"]
    return True if result and result["output"].startswith("BORG ") else None


def checked(api, began, count):
    """The services, once all of them have been checked since."""
    services = api.services()
    done = [service for service in services.values() if (service["last_check_result"] or {}).get("execution_end", 0) > began]
    return services if len(done) == count == len(services) else None
