#!/bin/sh
# Installs what is missing, builds, and runs every test: as users build it or under the sanitizers.
#
#   sh tests/run.sh [release|sanitize] [busted's options, a spec ...]
set -eu
cd "$(dirname "$0")/.."
preset=${1:-release}
[ $# = 0 ] || shift

sh .ci/install.sh build test
sh .ci/install.sh judges || echo "Tests that need a browser or a solver are skipped where there is none."
sh .ci/build.sh "$preset"

# busted is asked for by Lua 5.4, since the module under test is built for it; the command `busted`
# may be another Lua's.
export PATRON_BUILD="build/$preset" PATRON_LUA=lua5.4
if [ "$preset" = sanitize ]; then
    # The sanitizers' run-time comes first in a Lua that was built without it. The loader is told, for
    # LD_PRELOAD would slow every shell that the tests start. Lua's own leaks are no concern;
    # tests/cli.lua looks for those of the program.
    lua=$(command -v lua5.4)
    loader=$(LC_ALL=C readelf -l "$lua" | sed -n 's/.*program interpreter: \(.*\)\]/\1/p')
    export PATRON_LUA="$loader --preload $(gcc -print-file-name=libasan.so) $lua"
    export ASAN_OPTIONS=detect_leaks=0
fi
exec $PATRON_LUA /usr/bin/busted "$@"
