#!/bin/sh
# Installs the Debian packages that are missing, and says which. Does nothing, and needs neither
# root nor a network, when all are there.
#
#   sh .ci/install.sh [build] [test] [judges] [lint] [package]
set -eu

wanted=
for part in "${@:-build}"; do
    case $part in
    build) wanted="$wanted gcc libc6-dev cmake ninja-build pkgconf lua5.4
        liblua5.4-dev libcjson-dev libcsv-dev libyajl-dev zlib1g-dev nettle-dev libxxhash-dev
        libjs-chart.js" ;;
    test) wanted="$wanted lua-busted binutils locales" ;;
    judges) wanted="$wanted chromium poppler-utils glpk-utils" ;;
    lint) wanted="$wanted clang clang-format lua-check" ;;
    package) wanted="$wanted dpkg-dev lintian debootstrap man-db mandoc zsh bash-completion" ;;
    *) echo "install.sh: no such part: $part (build, test, judges, lint or package)" >&2; exit 2 ;;
    esac
done

if ! command -v apt-get >/dev/null; then
    echo "This is no Debian: make sure that you have what these packages hold:"$wanted >&2
    exit 0
fi

missing=
for package in $wanted; do
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
    as_root=sudo
    if ! command -v sudo >/dev/null; then
        echo "Install these as root, then run this again: apt-get install"$missing >&2
        exit 1
    fi
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300 \
        -o Acquire::Retries=3 "$@" </dev/null >>"$log" 2>&1
}

echo "Installing$missing (a minute or two) ..."
# A source that has nothing to do with these packages may be out of reach: what counts is whether
# the packages come.
apt update || true
if ! apt install --no-install-recommends $missing; then
    cat "$log" >&2
    echo "install.sh: apt-get could not install$missing; its messages stand above" >&2
    exit 1
fi
