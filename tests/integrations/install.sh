#!/usr/bin/env bash
# Installs what these tests run, on Debian, as root. No service is started.
set -euo pipefail

packages=(
    icinga2-bin
    nagios4-core
    nagios-nrpe-server
    nagios-nrpe-plugin
    monitoring-plugins-basic
    libmonitoring-plugin-perl
    sudo
    systemd
    python3
)
if dpkg -s "${packages[@]}" >/dev/null 2>&1; then
    exit 0
fi

# The packages' scripts ask this file before they start a service.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
