#!/bin/sh
# Makes the captures of a fleet, 10,000 unless told otherwise, and checks them.
#
#     tests/fleet/make.sh DIRECTORY [NUMBER]
#
# Below DIRECTORY are captures/HOST/NAME.json, rules.toml, and planted.json, which
# is what is wrong with them at 2025-06-15T12:00:00Z. To check them:
#
#     check_borg --rules DIRECTORY/rules.toml --now 2025-06-15T12:00:00Z DIRECTORY/captures
set -eu
mkdir -p "$1"
directory=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
BORGQ_FLEET="$directory" BORGQ_FLEET_SIZE="${2:-10000}" \
    cargo test --quiet --test tests -- --exact fleet::one_check_finds_exactly_the_planted_problems
