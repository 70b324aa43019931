-- Loaded by busted before the specs: finds the test module and the program of the build under test,
-- and keeps temporary files in memory where that can be: thousands of small ones, synced and
-- removed, spend most of their time waiting for a disk (measured: 22 of library_spec's 30 seconds).
local build = os.getenv("PATRON_BUILD") or "build/release"
package.cpath = build .. "/?.so;" .. package.cpath
package.path = "tests/?.lua;" .. package.path

-- The beginning of names there; nil unless programs can be run there, and a gigabyte is free.
local function memory()
  local pipe = io.popen([[
    p=$(mktemp /dev/shm/lua_XXXXXX) || exit
    cp /bin/true $p && chmod +x $p && $p && [ $(df -kP $p | awk 'END { print $4 }') -gt 1048576 ] &&
      echo $p
    rm $p]])
  local name = pipe:read("l")
  pipe:close()
  return name
end

local prefix, count = memory(), 0
if prefix then
  os.tmpname = function() -- luacheck: ignore 122
    count = count + 1
    local path = prefix .. "_" .. count
    assert(io.open(path, "wb")):close()
    return path
  end
end
