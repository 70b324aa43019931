#!/bin/sh
# The first minute with Patron: installs what is missing, builds, makes a shop of 20,000 customers,
# scores it and the bank of samples/bank, and says what the bank's offers will cost and earn.
#
#   sh samples/try.sh
set -eu
cd "$(dirname "$0")/.."

sh .ci/install.sh build
sh .ci/build.sh release

echo "Making a shop (build/shop) ..."
rm -rf build/shop
build/release/patron generate retail --customers 20000 -o build/shop

echo "Scoring the shop (build/shop-decisions.csv) ..."
build/release/patron score build/shop policies/rfm.lua -o build/shop-decisions.csv

echo "Scoring the bank of samples/bank ..."
build/release/patron score samples/bank policies/card-retention.lua

echo "Simulating what that will cost and earn ..."
build/release/patron simulate samples/bank policies/card-retention.lua

cat <<'END'

Now change a threshold in policies/card-retention.lua and run again:

  build/release/patron score samples/bank policies/card-retention.lua
END
