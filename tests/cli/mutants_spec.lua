-- The tests of the policies that come with Patron see nearly every outcome of their clauses, and
-- notice when a threshold moves by a tenth: every number in a condition, and every param, is moved
-- up and down, one at a time, and some test must fail.
local cli = require("cli")
local lfs = require("lfs")

local LEAST = 95 -- percent of the outcomes of clauses

-- Mutants that no test can tell from the policy, each with the reason.
local EQUIVALENT = {}

-- ---- what stands in a condition ----------------------------------------------------------------

local CONDITIONS = { when = true, never = true, keep = true, where = true, qualifies = true,
  block = true, claw_back = true, by = true }

-- The blocks that the file declares: { word, title or nil, table }. Every other name is a word that
-- takes anything, as often as it is called, but for Lua's own.
local function declared(text, path)
  local blocks = {}
  local function word(name)
    local value = setmetatable({}, {
      __call = function(self, x, y)
        if type(x) == "table" then
          blocks[#blocks + 1] = { word = name, body = x }
        end
        if type(y) == "table" then
          blocks[#blocks + 1] = { word = name, body = y }
        end
        return self
      end,
    })
    return value
  end
  local env = setmetatable({}, { __index = function(_, name) return _G[name] or word(name) end })
  assert(load(text, "@" .. path, "t", env))()
  return blocks
end

local function each_condition(value, found)
  for key, x in pairs(value) do
    local listed = type(key) == "number" and type(x) == "string" and x:find("[<>=~]=?")
    if type(x) == "table" and not getmetatable(x) then
      each_condition(x, found)
    elseif (CONDITIONS[key] or listed) and (type(x) == "string" or type(x) == "function") then
      found[#found + 1] = x
    end
  end
end

-- The numbers in text[first, last]: { first, last } each, outside of quotes and names.
local function numbers(text, first, last, found)
  local at = first
  while at <= last do
    local quote = text:match("^['\"]", at)
    local name = text:match("^[%a_][%w_]*", at)
    local number = text:match("^%d+%.?%d*", at)
    if quote then
      at = (text:find(quote, at + 1, true) or last) + 1
    elseif name then
      at = at + #name
    elseif number then
      found[at] = at + #number - 1
      at = at + #number
    else
      at = at + 1
    end
  end
end

local function line_start(text, line)
  local at = 1
  for _ = 2, line do
    at = text:find("\n", at, true) + 1
  end
  return at
end

-- Where the tests begin, which stand last.
local function end_of_rules(text)
  return (text:find("\ntest \"", 1, true) or #text + 1) - 1
end

-- Of a matrix, and of a row of a decision table.
local BARE = { "cuts%s*=%s*()%b{}()", "%f[%w_]at_least%s*()%b()()", "%f[%w_]below%s*()%b()()" }

local function thresholds(text, path)
  local found, rules = {}, end_of_rules(text)
  for _, pattern in ipairs(BARE) do
    for first, behind in text:sub(1, rules):gmatch(pattern) do
      numbers(text, first, behind - 1, found)
    end
  end
  for _, block in ipairs(declared(text, path)) do
    local conditions = {}
    if block.word ~= "test" and block.word ~= "params" then
      each_condition(block.body, conditions)
    end
    for _, condition in ipairs(conditions) do
      if type(condition) == "function" then
        local info = debug.getinfo(condition, "S")
        numbers(text, line_start(text, info.linedefined),
          line_start(text, info.lastlinedefined), found)
      else
        local first, last = text:find(condition, 1, true)
        assert(first, "an escape in a condition: " .. condition)
        while first and last <= rules do
          numbers(text, first, last, found)
          first, last = text:find(condition, last + 1, true)
        end
      end
    end
    for name, value in pairs(block.word == "params" and block.body or {}) do
      if type(value) == "number" or type(value) == "table" and type(value[1]) == "number" then
        local first, number = text:match("%f[%w_]" .. name .. "%s*=%s*{?%s*()(%d+%.?%d*)")
        assert(first, "a param without a number: " .. name)
        found[first] = first + #number - 1
      end
    end
  end
  return found
end

local function moved(number, sign)
  if number:find(".", 1, true) then
    return ("%.10g"):format(number * (1 + 0.1 * sign)):gsub("^%d+$", "%0.0")
  end
  local step = math.max(1, math.floor(math.abs(number) * 0.1 + 0.5))
  return ("%d"):format(math.tointeger(number) + sign * step)
end

-- { text, name } of every mutant.
local function mutants(text, path)
  local places, out = {}, {}
  for first, last in pairs(thresholds(text, path)) do
    places[#places + 1] = { first, last }
  end
  table.sort(places, function(a, b) return a[1] < b[1] end)
  for _, place in ipairs(places) do
    local before, number = text:sub(1, place[1] - 1), text:sub(place[1], place[2])
    local _, line = before:gsub("\n", "")
    local context = before:match("[^\n]*$"):gsub("^%s+", "")
    for _, sign in ipairs({ 1, -1 }) do
      local value = moved(number, sign)
      out[#out + 1] = {
        text = before .. value .. text:sub(place[2] + 1),
        name = ("%s:%d: %s[%s -> %s]"):format(path, line + 1, context, number, value),
      }
    end
  end
  return out
end

-- ---- the specs ----------------------------------------------------------------------------------

local function policies(folder, out)
  for name in lfs.dir(folder) do
    local path = folder .. "/" .. name
    if name:find("%.lua$") then
      out[#out + 1] = path
    elseif name:sub(1, 1) ~= "." and lfs.attributes(path, "mode") == "directory" then
      policies(path, out)
    end
  end
  return out
end

local files = policies("samples", policies("policies", {}))
table.sort(files)

-- The mutants that pass all tests.
local function survivors(list)
  local folder = cli.folder() .. "/mutants"
  assert(lfs.mkdir(folder))
  for i, mutant in ipairs(list) do
    cli.write(("%s/%04d.lua"):format(folder, i), mutant.text)
  end
  local said, out = cli.run({ "test", "mutants" }).out, {}
  for i, mutant in ipairs(list) do
    local passed, all = said:match(("mutants/%04d.lua: (%%d+) of (%%d+) passed"):format(i))
    if passed and passed == all and not EQUIVALENT[mutant.name] then
      out[#out + 1] = mutant.name
    end
  end
  return out
end

describe("the policies that come with Patron", function()
  after_each(cli.clean)

  for _, path in ipairs(files) do
    it(path .. " has tests that see its clauses", function()
      local run = cli.run({ "test", path, "--min-coverage", LEAST })
      assert.equal(0, run.status, run.out .. run.err)
    end)

    it(path .. " has tests that notice a threshold that moves", function()
      local list = mutants(cli.read(path), path)
      assert.is_true(#list > 0)
      assert.same({}, survivors(list))
    end)
  end

  it("have no mutants excused that do not exist", function()
    local there = {}
    for _, path in ipairs(files) do
      for _, mutant in ipairs(mutants(cli.read(path), path)) do
        there[mutant.name] = true
      end
    end
    for name in pairs(EQUIVALENT) do
      assert.is_true(there[name], name)
    end
  end)
end)
