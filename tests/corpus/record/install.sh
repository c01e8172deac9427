#!/usr/bin/env bash
# Installs every borg and borgmatic of the corpus below DIR, each in a virtual
# environment of its own. What is there already is left alone.
#
#   install.sh DIR [TOOL-VERSION...]
#
# borg 2.0.0b25 needs OpenSSL 3.2 or newer. Where the system has an older one,
# it is built from the source that the crate openssl-src carries.
set -euo pipefail

dir=$(mkdir -p "$1" && cd "$1" && pwd)
shift
tools=("$@")
if [ ${#tools[@]} -eq 0 ]; then
    tools=(borg-1.4.5 borg-1.2.9 borg-1.1.18 borgmatic-2.1.10 borgmatic-1.8.14 borg-2.0.0b20 borg-2.0.0b25)
fi

packages=(python3-venv python3-dev gcc libacl1-dev libssl-dev liblz4-dev libzstd-dev libxxhash-dev pkg-config)
if ! dpkg -s "${packages[@]}" >/dev/null 2>&1; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${packages[@]}"
fi

openssl() {
    if pkg-config --atleast-version=3.2 libcrypto; then
        echo /usr
        return
    fi
    local prefix=$dir/openssl
    if [ ! -e "$prefix/done" ]; then
        local work=$dir/openssl-build
        rm -rf "$work"
        cargo init --quiet --vcs none --lib --name carrier "$work" >&2
        (
            cd "$work"
            cargo add --quiet openssl-src@300
            cargo vendor --quiet vendor >/dev/null
            cd vendor/openssl-src/openssl
            ./Configure --prefix="$prefix" --libdir=lib no-tests no-docs no-apps no-module no-shared -fPIC >/dev/null
            make -s -j"$(nproc)" build_libs
            make -s install_dev
        ) >&2
        rm -rf "$work"
        touch "$prefix/done"
    fi
    echo "$prefix"
}

install() {
    local tool=$1 version=$2 venv=$dir/$1-$2
    [ ! -e "$venv/done" ] || return 0
    rm -rf "$venv"
    python3 -m venv "$venv"
    local pip=("$venv/bin/pip" install --quiet --disable-pip-version-check)
    case $tool-$version in
    borg-1.1.*)
        # Its build needs what was current then.
        "${pip[@]}" 'setuptools<60' 'wheel<0.40' 'setuptools_scm<7' 'cython<3' pkgconfig 'packaging<22'
        "${pip[@]}" --no-build-isolation "borgbackup==$version"
        ;;
    borg-2.*)
        local prefix
        prefix=$(openssl)
        BORG_OPENSSL_PREFIX=$prefix BORG_LIBLZ4_PREFIX=/usr BORG_LIBACL_PREFIX=/usr \
            "${pip[@]}" --pre "borgbackup==$version"
        ;;
    borg-*) "${pip[@]}" "borgbackup==$version" ;;
    borgmatic-*) "${pip[@]}" "borgmatic==$version" ;;
    *)
        echo "install.sh: $tool-$version is unknown" >&2
        return 2
        ;;
    esac
    "$venv/bin/$tool" --version
    touch "$venv/done"
}

failed=0
for tool in "${tools[@]}"; do
    echo "== $tool"
    install "${tool%%-*}" "${tool#*-}" || failed=1
done
exit $failed
