"""Every package of the workspace may be used under an allowed licence.

The allowed ones let anybody use, change and pass on a program that holds the
package, and ask for no more than a notice. Where a package offers a choice,
one allowed licence is enough; where it asks for several, each must be allowed.
"""

import json
import re
import subprocess
import sys

ALLOWED = {
    "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "ISC", "MIT",
    "MIT-0", "Unicode-3.0", "Unlicense", "Zlib",
}
TOKEN = re.compile(r"\(|\)|\bAND\b|\bOR\b|/|[A-Za-z0-9.+-]+(?: WITH [A-Za-z0-9.-]+)?")


def allowed(expression):
    """Whether an SPDX expression can be kept with allowed licences alone."""
    tokens = TOKEN.findall(expression)

    def either():
        fits = both()
        while tokens and tokens[0] in ("OR", "/"):
            tokens.pop(0)
            fits = both() or fits
        return fits

    def both():
        fits = one()
        while tokens and tokens[0] == "AND":
            tokens.pop(0)
            fits = one() and fits
        return fits

    def one():
        token = tokens.pop(0) if tokens else ""
        if token != "(":
            return token in ALLOWED
        fits = either()
        return bool(tokens) and tokens.pop(0) == ")" and fits

    return either() and not tokens


# What the check itself is worth.
assert allowed("MIT") and allowed("GPL-3.0 OR MIT") and allowed("(MIT OR GPL-3.0) AND Unicode-3.0")
assert allowed("MIT/Apache-2.0") and allowed("Apache-2.0 WITH LLVM-exception OR GPL-2.0-only")
assert not allowed("") and not allowed("GPL-3.0") and not allowed("MIT AND GPL-3.0") and not allowed("(MIT")
assert not allowed("Apache-2.0 WITH Other-exception") and not allowed("MIT GPL-3.0")

host = subprocess.run(["rustc", "--version", "--verbose"], check=True, capture_output=True, text=True).stdout
target = re.search(r"^host: (.*)$", host, re.M)[1]
command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target]
resolved = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
used = {node["id"] for node in resolved["resolve"]["nodes"]}
packages = [package for package in resolved["packages"] if package["id"] in used]
wrong = [f"{package['name']} {package['version']}: {package['license'] or 'no licence'}"
         for package in packages if not allowed(package["license"] or "")]
if wrong or len(packages) < 20:
    sys.exit("\n".join(["no allowed licence:", *wrong]))
print(f"{len(packages)} packages, each under an allowed licence")
