"""The Icinga CheckCommand has every option of the plugin, and no other."""

import pathlib
import re
import subprocess

import plugin

# They print nothing that Icinga reads.
LEFT_OUT = {"--output", "--explain", "--help", "--version"}


def run(cases, _meant):
    config = pathlib.Path("/etc/icinga2/zones.d/global-templates/check_borg.conf").read_text()
    arguments = re.findall(r'^\t\t"([^"]+)" = \{\n(.*?)^\t\t\}', config, re.M | re.S)
    for name, body in arguments:
        assert re.search(r'^\t\t\tdescription = "[^"]+"$', body, re.M), f"{name} has no description"
    names = {name for name, _ in arguments} - {"-v", "-vv", "INPUT", "--"}
    answer = subprocess.run([plugin.PLUGIN, "--help"], capture_output=True, text=True, check=False)
    told = set(re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", answer.stdout, re.M)) - LEFT_OUT - {"--verbose"}
    assert names == told, f"only in the CheckCommand: {names - told}; only in --help: {told - names}"
    used = {f"--{name}" for case in cases for name in case.options} | {"--warning", "--critical"}
    assert told <= used, f"in no case: {told - used}"
    yield f"{len(names)} options"
