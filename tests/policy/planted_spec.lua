-- 200 random policies with faults planted in them: each fault must be found where it was planted,
-- nothing else may be, and what is said of a policy must be so for every customer that is tried, by
-- an evaluator of the test's own: the conditions are Lua, so Lua evaluates them.
local run = require("policy.run")
local generator = require("expr.generator")

-- ---- a random policy without faults -----------------------------------------------------------

-- What conditions read: thresholds stand far enough apart for a fault to fit between them.
local columns = {
  spend = "money", clv = "money", debt = "money", orders = "integer", visits = "integer",
  recency_days = "integer", score = "number", kind = "label", opted_out = "flag", since = "date",
}
local kinds = { "a", "b", "c", "d" }
local inputs = [[inputs { debt = money, visits = integer, score = number, opted_out = flag, ]]
  .. [[kind = { "a", "b", "c", "d" }, since = date, level_before = { "high", "low" } }]]

local Policy = {}
Policy.__index = Policy

local function new_policy(seed)
  local p = setmetatable({ random = generator.random(seed), params = {}, blocks = {},
    expected = {}, schemes = {}, campaigns = {}, values = {}, read = {} }, Policy)
  return p
end

function Policy:any(list)
  return list[self.random(#list)]
end

-- A threshold as text, the number itself or a param; its neighbours are values to try.
function Policy:number(column, x)
  self.values[column] = self.values[column] or {}
  for d = -1, 1 do
    table.insert(self.values[column], x + d)
  end
  if self.random(4) > 1 then
    return tostring(x)
  end
  local name = "p" .. #self.params + 1
  table.insert(self.params, { name = name, value = x })
  return name
end

-- `column >= x` or `column < x` in one of the ways to write it.
function Policy:compare(column, low, x)
  local t = self:number(column, x)
  self.read[column] = true
  if low then
    return self:any({ "%s >= %s", "not (%s < %s)", "%s + 1 >= 1 + %s" }):format(column, t)
  end
  return self:any({ "%s < %s", "not (%s >= %s)", "0 > %s - %s" }):format(column, t)
end

local numeric = { "spend", "clv", "debt", "orders", "visits", "recency_days", "score" }

-- Names of n different numeric columns.
function Policy:pick(n)
  local list, left = {}, { table.unpack(numeric) }
  for i = 1, n do
    list[i] = table.remove(left, self.random(#left))
  end
  return list
end

function Policy:clause(column)
  if column == "kind" then
    self.read.kind = true
    return self:any({ "kind == '%s'", "kind ~= '%s'" }):format(self:any(kinds))
  end
  return self:compare(column, self.random(2) == 1, 100 + 10 * self.random(50))
end

-- A block goes on a line of its own; returns the line.
function Policy:add(block)
  table.insert(self.blocks, block)
  return #self.blocks + 3
end

function Policy:expect(code, line)
  self.expected[code .. " " .. line] = true
end

function Policy:scheme(name, classes, rest)
  local text = {}
  for i, class in ipairs(classes) do
    text[i] = ("{ '%s'%s%s }"):format(class.name,
      class.when and (', when = "%s"'):format(class.when) or "",
      class.keep and (', keep = "%s"'):format(class.keep) or "")
  end
  local line = self:add(("tiers '%s' { %s%s }"):format(name, table.concat(text, ", "), rest or ""))
  self.schemes[name] = { classes = classes, line = line, free = rest ~= nil }
  return line
end

function Policy:campaign(fields)
  local name = "c" .. #self.blocks + 1
  local parts = {}
  for _, key in ipairs({ "when", "never", "cost" }) do
    if fields[key] then
      table.insert(parts, ('%s = "%s"'):format(key, fields[key]))
    end
  end
  table.insert(parts, "offer = gift 'umbrella'")
  if fields.caps then
    table.insert(parts, "caps = { " .. fields.caps .. " }")
  end
  local line = self:add(("campaign '%s' { %s }"):format(name, table.concat(parts, ", ")))
  self.campaigns[line] = fields
  return line
end

local function class(name, when, keep)
  return { name = name, when = when, keep = keep }
end

-- Tiers with falling thresholds of one column.
function Policy:clean_scheme(name)
  local column, top, classes = self:any(numeric), 900, {}
  for i = 1, 1 + self.random(3) do
    top = top - 50 - self.random(100)
    classes[i] = class(name .. i, self:compare(column, true, top))
  end
  table.insert(classes, class(name .. "z"))
  return self:scheme(name, classes)
end

-- Clauses over different columns cannot touch each other.
function Policy:clean_campaign()
  local list = self:pick(3)
  local when = self:clause(list[1]) .. self:any({ " and ", " or " }) .. self:clause(list[2])
  self.read.opted_out = true
  return self:campaign({ when = when, never = "opted_out or " .. self:clause(list[3]),
    cost = tostring(self.random(50)), caps = "customer = 1, total = 10, budget = 100" })
end

-- ---- faults -----------------------------------------------------------------------------------

local count = 0
local function name_of(prefix)
  count = count + 1
  return prefix .. count
end

local faults = {}

function faults.shadowed(p)
  local column, name, low = p:any(numeric), name_of("s"), 200 + p.random(100)
  local second = p:compare(column, true, low + 100 + p.random(50))
  if p.random(2) == 1 then
    second = second .. " and " .. p:clause(column == "score" and "visits" or "score")
  end
  return p:scheme(name, { class(name .. "a", p:compare(column, true, low)),
    class(name .. "b", second), class(name .. "z") })
end

-- Together the first two take everybody of the third.
function faults.shadowed_by_two(p)
  local column, name, x = p:any(numeric), name_of("s"), 200 + p.random(100)
  local other = column == "score" and "visits" or "score"
  return p:scheme(name, {
    class(name .. "a", p:compare(column, true, x) .. " and " .. p:compare(other, true, 300)),
    class(name .. "b", p:compare(column, true, x - 20) .. " and " .. p:compare(other, false, 320)),
    class(name .. "c", p:compare(column, true, x + 30) .. " and " .. p:compare(other, true, 150)),
    class(name .. "z") }), "shadowed"
end

faults["never-holds"] = function(p)
  local column, name, x = p:any(numeric), name_of("s"), 300 + p.random(100)
  return p:scheme(name, { class(name .. "a",
    p:compare(column, true, x) .. " and " .. p:compare(column, false, x - p.random(50))),
    class(name .. "z") })
end

-- A row of a decision table that an earlier one takes all of.
function faults.shadowed_row(p)
  local name, least = name_of("s"), 100 + p.random(300)
  p.read.kind, p.values.visits = true, p.values.visits or {}
  table.insert(p.values.visits, least)
  local line = p:add(("decision_table '%s' { hit = 'first', reads = { 'kind', 'visits' }, "
    .. "gives = { 'way' }, { { 'a', 'b' }, at_least(%d), 'call' }, { 'c', any, 'mail' }, "
    .. "{ '%s', at_least(%d), 'visit' }, { any, any, 'nothing' } }"):format(name, least,
      p:any({ "a", "b" }), least + p.random(100)))
  p.schemes[name] = { line = line, classes = {
    class("row 1", "one_of(kind, 'a', 'b') and visits >= " .. least), class("row 2", "kind == 'c'"),
    class("row 3", "one_of(kind, 'a', 'b') and visits >= " .. least), class("row 4") } }
  return line, "shadowed"
end

-- A leaf of a tree on whose way two branches exclude each other.
function faults.dead_leaf(p)
  local column, name, x = p:any(numeric), name_of("s"), 300 + p.random(100)
  local first, second = p:compare(column, true, x), p:compare(column, true, x - p.random(100))
  local line = p:add(("tree '%s' { %q, yes = { %q, yes = '%sa', no = '%sb' }, no = '%sc' }"):format(
    name, first, second, name, name, name))
  p.schemes[name] = { line = line, classes = {
    class(name .. "a", ("(%s) and (%s)"):format(first, second)),
    class(name .. "b", ("(%s) and not (%s)"):format(first, second)),
    class(name .. "c", ("not (%s)"):format(first)) } }
  return line, "never-holds"
end

function faults.gap(p)
  local column, name, x = p:any({ "orders", "visits", "spend", "clv" }), name_of("s"), 300
  p.read[column] = true
  local t = p:number(column, x)
  return p:scheme(name, { class(name .. "a", column .. " > " .. t),
    class(name .. "b", ("%s < %s"):format(column, t)), class(name .. "z") })
end

function faults.overlap(p)
  local column, name, x = p:any(numeric), name_of("s"), 300 + p.random(100)
  return p:scheme(name, { class(name .. "a", p:compare(column, true, x)),
    class(name .. "b",
      p:compare(column, false, x + 20) .. " and " .. p:compare(column, true, x - 50)),
    class(name .. "z") })
end

faults["keep-stricter"] = function(p)
  local column, name, x = p:any(numeric), "level", 300 + p.random(100)
  if p.schemes.level then
    return nil
  end
  p.read.since, p.read.level_before = true, true
  return p:scheme(name, { class("high", p:compare(column, true, x),
    p:compare(column, true, x + p.random(100))), class("low") },
    ", previous = 'level_before', since = 'since'")
end

faults["no-last-class"] = function(p)
  local name = name_of("s")
  return p:scheme(name, { class(name .. "a", p:compare(p:any(numeric), true, 500)) })
end

faults["never-fires"] = function(p)
  local column = p:any(numeric)
  local when = p:any({
    function() return p:compare(column, false, 300) .. " and " .. p:compare(column, true, 310) end,
    function() return "kind == 'a' and kind == 'b'" end,
    function() return "kind ~= 'a' and one_of(kind, 'a')" end,
    function() return "base == 'basea' and " .. p:compare("spend", false, 600) end,
    function() return "orders < 0 and " .. p:clause("score") end,
    function() return "score > visits and visits > score" end,
  })()
  p.read.kind, p.read.score, p.read.visits = true, true, true
  return p:campaign({ when = when, cost = "1" })
end

faults["always-suppressed"] = function(p)
  local column, x = p:any(numeric), 300 + p.random(50)
  return p:campaign({ when = p:compare(column, true, x), cost = "1",
    never = p:compare(column, true, x - p.random(100)) .. " or opted_out" })
end

faults["idle-never"] = function(p)
  local column, x = p:any(numeric), 300 + p.random(50)
  return p:campaign({ when = p:compare(column, true, x), cost = "1",
    never = p:compare(column, false, x - p.random(100)) })
end

faults["always-true"] = function(p)
  local column, x = p:any(numeric), 300
  local when = p:any({ "orders >= 0", "kind ~= 'a' or kind ~= 'b'", false, false })
    or p:compare(column, true, x) .. " or " .. p:compare(column, false, x + p.random(50))
  p.read.kind = true
  return p:campaign({ when = when, cost = "1" })
end

faults["redundant-clause"] = function(p)
  local column, x = p:any(numeric), 300 + p.random(50)
  local other = column == "score" and "visits" or "score"
  local weak, strong = p:compare(column, true, x - p.random(100)), p:compare(column, true, x)
  local clauses = { strong, weak }
  table.insert(clauses, p.random(3), p:clause(other))
  local line = p:campaign({ when = table.concat(clauses, " and "), cost = "1" })
  p.campaigns[line].clauses = clauses
  return line
end

faults["no-cost"] = function(p)
  return p:campaign({ when = p:clause(p:any(numeric)) })
end

faults["caps-contradict"] = function(p)
  return p:campaign({ when = p:clause("score"), cost = "1", caps = "customer = 9, total = 8" })
end

faults["budget-too-small"] = function(p)
  local x = 300 + p.random(50)
  return p:campaign({ when = p:compare("orders", true, x), cost = "2 * orders",
    caps = "budget = 100" })
end

function faults.unused(p)
  local line = 3
  table.insert(p.params, { name = "unread" .. #p.params, value = 1 })
  return line
end

local names = {}
for name in pairs(faults) do
  table.insert(names, name)
end
table.sort(names)

-- ---- the text ---------------------------------------------------------------------------------

local function generate(seed)
  local p = new_policy(seed)
  local planted = seed % 5 -- 0 to 4 faults
  p:scheme("base", { class("basea", p:compare("spend", true, 700)), class("basez") })
  for i = 1, 1 + p.random(2) do
    p:clean_scheme("t" .. i)
  end
  for _ = 1, 1 + p.random(3) do
    p:clean_campaign()
  end
  local done = {}
  for _ = 1, planted do
    local code = p:any(names)
    local line, as = nil, nil
    if not done[code] then
      line, as = faults[code](p)
    end
    done[code] = true
    if line then
      p:expect(as or code, line)
    end
  end
  -- every input is read, so that only what was planted is unused
  p:add([[campaign 'all' { when = "has(debt) and has(visits) and has(score) and has(opted_out) ]]
    .. [[and has(kind) and has(since) and has(level_before)", offer = let_go }]])
  local params = {}
  for i, param in ipairs(p.params) do
    params[i] = param.name .. " = " .. param.value
  end
  p.text = 'policy "Random" { currency = "CNY" }\n' .. inputs .. "\nparams { "
    .. table.concat(params, ", ") .. " }\n" .. table.concat(p.blocks, "\n") .. "\n"
  return p
end

-- ---- what is said, against an evaluator of the test's own ---------------------------------------

local MISSING = {}

local function outcome(p, text, customer)
  local environment = { one_of = function(x, ...)
    for _, y in ipairs({ ... }) do
      if x == y then return true end
    end
    return false
  end }
  setmetatable(environment, { __index = function(_, name)
    for _, param in ipairs(p.params) do
      if param.name == name then return param.value end
    end
    if p.schemes[name] and not p.schemes[name].free then
      return p.class_of(name, customer) or error(MISSING)
    end
    if customer[name] == nil then error(MISSING) end
    return customer[name]
  end })
  local lua = text:gsub("has%((%w+)%)", "true")
  local ok, value = pcall(assert(load("return " .. lua, text, "t", environment)))
  assert(ok or value == MISSING, value)
  if ok then return value end
  return "missing"
end

-- Values around every threshold of the policy, and others; one in ten is missing.
local function customers(p)
  local list = {}
  for i = 1, 150 do
    local customer = {}
    for column, kind in pairs(columns) do
      local values = p.values[column]
      if p.random(10) == 1 then
        customer[column] = nil
      elseif kind == "label" then
        customer[column] = p:any(kinds)
      elseif kind == "flag" then
        customer[column] = p.random(2) == 1
      elseif values and p.random(6) > 1 then
        customer[column] = p:any(values)
      else
        customer[column] = p.random(1000)
      end
    end
    list[i] = customer
  end
  return list
end

-- The customer in "...: for example spend = 1000.00, kind missing".
local function example(text)
  local customer = {}
  for name, value in (text:match(": for example (.*)$") or ""):gmatch("([%w_]+) = ([^,]+)") do
    customer[name] = tonumber(value) or value
  end
  return customer
end

local function scheme_at(p, line)
  for name, scheme in pairs(p.schemes) do
    if scheme.line == line then return name, scheme end
  end
end

local function class_named(scheme, name)
  for _, one in ipairs(scheme.classes) do
    if one.name == name then return one end
  end
end

-- Each says whether a finding is right for a customer.
local right = {}

function right.shadowed(p, f, customer)
  local name = scheme_at(p, f.line)
  return p.class_of(name, customer) ~= f.text:match('the %w+ "([%w ]+)"')
end
right["never-holds"] = right.shadowed
right["never-fires"] = function(p, f, customer)
  return outcome(p, p.campaigns[f.line].when, customer) ~= true
end
right["always-suppressed"] = function(p, f, customer)
  local c = p.campaigns[f.line]
  return not (outcome(p, c.when, customer) == true and outcome(p, c.never, customer) == false)
end
right["idle-never"] = function(p, f, customer)
  local c = p.campaigns[f.line]
  return not (outcome(p, c.when, customer) == true and outcome(p, c.never, customer) == true)
end
right["always-true"] = function(p, f, customer)
  return outcome(p, p.campaigns[f.line].when, customer) ~= false
end
right["redundant-clause"] = function(p, f, customer)
  local c, rest, taken = p.campaigns[f.line], {}, false
  local said = f.text:match("^`(.-)` says nothing")
  for _, clause in ipairs(c.clauses) do
    local this = not taken and clause:find(said, 1, true)
    taken = taken or this
    if not this then table.insert(rest, clause) end
  end
  return taken and (outcome(p, c.when, customer) == true)
    == (outcome(p, table.concat(rest, " and "), customer) == true)
end
right["budget-too-small"] = function(p, f, customer)
  local c = p.campaigns[f.line]
  return outcome(p, c.when, customer) ~= true or outcome(p, c.cost, customer) > 100
end

-- And these whether the customer that a finding shows is one.
local shown = {}

function shown.gap(p, f)
  local _, scheme = scheme_at(p, f.line)
  for _, one in ipairs(scheme.classes) do
    if one.when and outcome(p, one.when, f.customer) ~= false then return false end
  end
  return true
end
function shown.overlap(p, f)
  local _, scheme = scheme_at(p, f.line)
  local a, b = f.text:match('^"(%w+)" and "(%w+)"')
  return outcome(p, class_named(scheme, a).when, f.customer) == true
    and outcome(p, class_named(scheme, b).when, f.customer) == true
end
shown["keep-stricter"] = function(p, f)
  local one = class_named(p.schemes.level, f.text:match('of "(%w+)"'))
  return outcome(p, one.when, f.customer) == true and outcome(p, one.keep, f.customer) == false
end
shown["no-last-class"] = function(p, f)
  return p.class_of(scheme_at(p, f.line), f.customer) == nil
end

local function check_claim(p, f, list)
  if right[f.code] then
    for _, customer in ipairs(list) do
      assert.is_true(right[f.code](p, f, customer), f.code .. ": " .. f.text .. "\n" .. p.text)
    end
  elseif shown[f.code] then
    assert.is_true(shown[f.code](p, f), f.code .. ": " .. f.text .. "\n" .. p.text)
  end
end

local function findings(p)
  local result, list = run.load(p.text, { compile = true, audit = true }), {}
  assert.equal(0, result.status, result.error .. "\n" .. p.text)
  for i, text in ipairs(result.findings) do
    local code, line, rest = text:match("^%S+ (%S+) (%d+):%d+ (.*)$")
    list[i] = { code = code, line = tonumber(line), text = rest, customer = example(rest) }
  end
  return list
end

describe("faults planted in random policies", function()
  it("are found where they are, and nothing else is", function()
    local planted, found, false_alarms, lost = 0, 0, 0, {}
    for seed = 1, 200 do
      local p = generate(seed)
      function p.class_of(name, customer)
        for _, one in ipairs(p.schemes[name].classes) do
          if not one.when or outcome(p, one.when, customer) == true then return one.name end
        end
      end
      local list = customers(p)
      local left = {}
      for key in pairs(p.expected) do
        planted, left[key] = planted + 1, true
      end
      for _, f in ipairs(findings(p)) do
        local key = f.code .. " " .. f.line
        if not p.expected[key] then
          false_alarms = false_alarms + 1
          print(seed, f.code, f.text, p.blocks[f.line - 3])
        end
        found = found + (left[key] and 1 or 0)
        left[key] = nil
        check_claim(p, f, list)
      end
      for key in pairs(left) do
        local block = p.blocks[tonumber(key:match("%d+$")) - 3] or ""
        table.insert(lost, ("%d %s: %s"):format(seed, key, block))
      end
    end
    print(("\n%d of %d planted faults found, %d false alarms"):format(found, planted, false_alarms))
    assert.equal(0, false_alarms)
    assert.is_true(found >= 0.95 * planted, table.concat(lost, "\n"))
    assert.same({}, lost)
  end)
end)
