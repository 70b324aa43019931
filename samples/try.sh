#!/bin/sh
# The first minute with Patron: installs what is missing, builds, makes a shop of 20,000 customers,
# and scores it and the bank of samples/bank.
#
#   sh samples/try.sh
set -eu
cd "$(dirname "$0")/.."

sh .ci/install.sh build
sh .ci/build.sh release
