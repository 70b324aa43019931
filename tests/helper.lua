-- Loaded by busted before the specs: finds the test module and the program of the build under test.
local build = os.getenv("PATRON_BUILD") or "build/release"
package.cpath = build .. "/?.so;" .. package.cpath
package.path = "tests/?.lua;" .. package.path
