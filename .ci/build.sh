#!/bin/sh
# Configures and builds one preset, quiet when all is well.
#
#   sh .ci/build.sh release|sanitize|clang|deb
set -eu
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT

quietly() {
    if ! "$@" >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        exit 1
    fi
}

echo "Building ($1) ..."
quietly cmake --preset "$1"
quietly cmake --build --preset "$1"
