-- Would the differential test notice? The operators are broken one by one, on purpose.
local BUILD = os.getenv("PATRON_BUILD") or "build/release"

local BROKEN = {
  { "integer division rounds to zero", "return quotient - (a % b != 0 && (a ^ b) < 0);",
    "return quotient;" },
  { "a float modulo has the sign of the dividend",
    "return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;", "return rest;" },
  { "integers beyond 2^53 are rounded before they are compared", "i <= (int64_t)1 << 53;",
    "i <= INT64_MAX;" },
  { "strings are compared up to their first NUL", "return str_cmp(a, b) < 0;",
    "return a.n && b.n && __builtin_strncmp(a.p, b.p, a.n < b.n ? a.n : b.n) < 0;" },
}

local function read(path)
  local f = assert(io.open(path))
  local text = f:read("a")
  f:close()
  return text
end

local function break_operator(from, to)
  local text = read("src/expr/ops.h")
  local first, last = text:find(from, 1, true)
  assert(first, "src/expr/ops.h no longer has: " .. from)
  assert.is_nil(text:find(from, last, true))
  assert(os.execute("mkdir -p " .. BUILD .. "/broken/expr"))
  local f = assert(io.open(BUILD .. "/broken/expr/ops.h", "w"))
  f:write(text:sub(1, first - 1), to, text:sub(last + 1))
  f:close()
  local build = "cmake --build %s --target patron_broken >/dev/null"
  assert(os.execute(build:format(BUILD)))
end

-- Runs the differential test on the module in a folder, in a process of its own.
local function passes(folder)
  local script = [[
    package.cpath, package.path = "%s/?.so;" .. package.cpath, "tests/?.lua;" .. package.path
    local expr, test = require("patron_core").expr, require("expr.differential")
    local broken = test.operators(expr).differences + test.generated(expr, 500, 1).differences
    os.exit(broken == 0 and 0 or 9)]]
  local _, _, code = os.execute(("%s -e '%s'"):format(os.getenv("PATRON_LUA") or "lua5.4",
    script:format(folder)))
  assert.is_true(code == 0 or code == 9)
  return code == 0
end

describe("the differential test", function()
  it("passes what is built", function()
    assert.is_true(passes(BUILD))
  end)

  for _, case in ipairs(BROKEN) do
    it("fails where " .. case[1], function()
      break_operator(case[2], case[3])
      assert.is_false(passes(BUILD .. "/broken"))
    end)
  end
end)
