-- The editor annotations are what the vocabulary and the metrics say, for editors that run
-- lua-language-server.
local core = require("patron_core")

local words, metrics = core.policy.words(), core.metric.registry()

local TYPES = {
  ["a condition"] = "patron.condition",
  ["a number expression"] = "patron.amount",
  ["text"] = "string",
  ["text or a list of text"] = "string|string[]",
  ["a number"] = "number",
  ["a number from 0 on"] = "number",
  ["a column's name"] = "string",
  ['"to what holds", "one tier" or "never"'] = '"to what holds"|"one tier"|"never"',
  ["a whole number"] = "integer",
  ["a share from 0 to below 1"] = "number",
  ["true or false"] = "boolean",
  ['"net", "net per cost" or "priority"'] = '"net"|"net per cost"|"priority"',
  ['"always" or "on success"'] = '"always"|"on success"',
  ['a day such as "2026-01-31"'] = "string",
  ["a share above 0, to 1"] = "number",
  ['by "tiers or segments" { class = number }'] = "patron.reward",
  ["days(n) or months(n)"] = "patron.duration",
  ['an offer such as cash(20) or gift "umbrella"'] = "patron.offer",
  ['an ISO 4217 code such as "CNY"'] = "string",
  ["a table of name = value"] = "patron.customer",
  ["an amount"] = "patron.amount",
  ["a reward such as both(300)"] = "patron.reward",
  ["a whole number, or an expression over params"] = "integer|string",
  ["a whole number or an expression over params, or { that, per = months(12) }"] =
    "integer|string|patron.limit",
  ["an amount or an expression over params, or { that, per = months(12) }"] =
    "number|string|patron.limit",
  ["a tier's name, or { tiers = name, ... }"] = "string|table<string, string>",
  ["an expression"] = "string",
  ["a playbook's name, or { channel = name, ... }"] = "string|table<string, string>",
  ["a campaign's name, or a list of them"] = "string|string[]",
  ['a list of { "a title", customer = { ... }, gives = { ... } }'] = "patron.test[]",
  ['a day such as "2025-03-31"'] = "string",
  ["an axis"] = "patron.axis",
  ["a table of tables"] = "table<string, table<string, string|table>>",
  ["a list of expressions"] = "string[]",
  ["two texts or more"] = "string[]",
  ["a list of names"] = "string[]",
  ['a list of numbers, "median" or "mean"'] = '(number|string|patron.aggregated)[]|"median"|"mean"',
  ["a leaf or a branch"] = "string|table",
  ['"first" or "collect"'] = '"first"|"collect"',
  ["a list of rows"] = "table<string, any>[]",
}

-- How a word that stands anywhere is written: its parameters and what it gives.
local SHAPES = {
  ["a name and a table"] = { "---@param name string\n---@return fun(settings: %s)", "name" },
  ["a name and a table of tiers"] = {
    "---@param name string\n---@return fun(tiers: patron.tiers|(patron.tier|string[])[])",
    "name" },
  ["a name and a table of segments"] = {
    "---@param name string\n---@return fun(segments: patron.segment[])", "name" },
  ["a name and a branch"] = {
    "---@param name string\n---@return fun(branch: patron.tree)", "name" },
  ["a name and a table of rows"] = {
    "---@param name string\n---@return fun(rows: patron.decision_table)",
    "name" },
  ["two numbers"] = {
    "---@param from number\n---@param to number\n---@return patron.cell", "from, to" },
  ["a table of name = type"] = {
    "---@param columns table<string, patron.type|string[]>", "columns" },
  ["a table of name = value"] = {
    "---@param params table<string, number|string|boolean|patron.params>", "params" },
  ["a table of name = expression or aggregate"] = {
    "---@param metrics table<string, patron.amount|patron.aggregated|patron.computed>",
    "metrics" },
  ["a table's name and settings"] = {
    "---@param tables patron.table\n---@return fun(settings: patron.aggregate): patron.aggregated",
    "tables" },
  ["a table's name and { what }"] = {
    "---@param tables patron.table\n---@return fun(settings: patron.aggregate): patron.aggregated",
    "tables" },
  ["an expression"] = { "---@param of patron.expression\n---@return patron.aggregated", "of" },
  ['(share, "an expression")'] = {
    "---@param share number\n---@param of patron.expression\n---@return patron.aggregated",
    "share, of" },
  ["an expression and a table of class = reward, and no other `by` in it"] = {
    "---@param what string\n---@return fun(by: table<string, patron.reward|number>): patron.reward",
    "what" },
  ["a list of { number, reward } with rising numbers from 1, and no other `steps` in it"] = {
    "---@param list table[]\n---@return patron.reward", "list" },
}

-- What stands in a table without a name.
local UNNAMED = {
  aggregate = "[1]? string What is aggregated: an expression over the table.",
  decision_table = "[1] table The first row: what it takes, then what it gives.",
  limit = "[1] number|string The most there may be.",
  params = "[1] number The value, unless --set says another.",
  segment = "[1] string Its name.",
  test = "[1]? string Of a case: its title.",
  tier = "[1] string Its name.",
  tiers = "[1] patron.tier|string[] The highest; the others follow.",
  tree = "[1] patron.condition What is asked.",
}

-- Types that no word is: what Lua has for a column's type, and texts that editors complete.
local LUA = { integer = "integer", number = "number", money = "number", date = "string",
  flag = "boolean", label = "string", text = "string" }
local TABLES = { "transactions", "events", "referrals", "contacts", "points", "relations",
  "tier_history", "rewards", "products" }

local function sentence(text)
  return (text:gsub("%s+", " "))
end

local function head(out)
  out[#out + 1] = "\n--- An expression over a customer; all by themselves, the metrics of Patron."
  out[#out + 1] = "---@alias patron.expression\n---| string"
  for _, metric in ipairs(metrics) do
    out[#out + 1] = ("---| %q # %s"):format(metric.name, sentence(metric.title))
  end
  out[#out + 1] = "\n---@alias patron.condition patron.expression|boolean|fun(...): boolean"
  out[#out + 1] = "---@alias patron.amount patron.expression|number|fun(...): any"
  out[#out + 1] = "\n---@alias patron.table\n---| string"
  for _, name in ipairs(TABLES) do
    out[#out + 1] = ("---| %q"):format(name)
  end
  out[#out + 1] = "\n--- A customer of a test: columns of the data, and metrics."
  out[#out + 1] = "---@class patron.customer\n---@field [string] any"
  for _, metric in ipairs(metrics) do
    local type = LUA[metric.type]
    if #metric.labels > 0 then
      type = "'" .. table.concat(metric.labels, "'|'") .. "'"
    end
    out[#out + 1] = ("---@field %s? %s %s"):format(metric.name, assert(type, metric.type),
      sentence(metric.title))
  end
end

local function class_of(word)
  for _, other in ipairs(words) do
    if other.block == word.name and not other.global then
      return "patron." .. word.name
    end
  end
  return "table"
end

local function value_of(block)
  return ({ duration = "patron.duration", offer = "patron.offer",
    reward = "patron.reward", row = "patron.cell" })[block]
end

local function global(out, word)
  out[#out + 1] = "\n--- " .. word.help
  local shape = SHAPES[word.takes]
  if word.block == "inputs" then
    out[#out + 1] = ("---@type patron.type\n%s = nil"):format(word.name)
  elseif shape then
    out[#out + 1] = (shape[1]:gsub("%%s", class_of(word)))
    out[#out + 1] = ("function %s(%s) end"):format(word.name, shape[2])
  elseif word.takes == "nothing" then
    out[#out + 1] = ("---@return %s\nfunction %s() end"):format(value_of(word.block), word.name)
  else
    local takes = word.takes == "a table" and class_of(word)
      or word.takes == "a table, or nothing" and class_of(word) .. "?" or TYPES[word.takes]
      or ({ ["the name of a tier"] = "string", ["text, or nothing"] = "string?",
        ["a number or a tier"] = "number|string" })[word.takes]
    assert(takes, word.takes .. " has no type in the annotations")
    out[#out + 1] = ("---@param what %s\n---@return %s\nfunction %s(what) end"):format(
      takes, value_of(word.block), word.name)
  end
end

local function render()
  local out = {
    "---@meta",
    "-- The words of a policy, for editors that run lua-language-server: make this folder a",
    '-- library of the workspace ("workspace.library": ["lua"]), as .luarc.json does. Written from',
    "-- the vocabulary and the metrics.",
    "",
    "---@class patron.type",
    "---@overload fun(f: function): patron.computed",
    "---@overload fun(labels: string[], f: function): patron.computed",
    "---@class patron.computed",
    "---@class patron.duration",
    "---@class patron.offer",
    "---@class patron.reward",
    "---@class patron.aggregated",
    "---@class patron.cell",
  }
  head(out)
  local block
  for _, word in ipairs(words) do
    if not word.global then
      if word.block ~= block then
        block = word.block
        out[#out + 1] = "\n---@class patron." .. block
        if UNNAMED[block] then
          out[#out + 1] = "---@field " .. UNNAMED[block]
        end
      end
      out[#out + 1] = ("---@field %s%s %s %s"):format(word.name, word.required and "" or "?",
        word.takes == "a table" and class_of(word)
          or assert(TYPES[word.takes], word.takes .. " has no type in the annotations"),
        word.help)
    else
      block = nil
    end
  end
  for _, word in ipairs(words) do
    if word.global then
      global(out, word)
    end
  end
  return table.concat(out, "\n") .. "\n"
end

describe("lua/patron.lua", function()
  it("is what the vocabulary says (after a change: REFRESH=1 busted tests/policy)", function()
    local page = render()
    if os.getenv("REFRESH") then
      local file = assert(io.open("lua/patron.lua", "w"))
      file:write(page)
      file:close()
    end
    local file = assert(io.open("lua/patron.lua"))
    assert.equal(page, file:read("a"))
    file:close()
  end)

  -- A strict reading of the syntax: every line is of a form that the server documents, and no type
  -- is named that is not declared.
  it("has no annotation that a server would not understand", function()
    local forms = { "^%-%-%-@meta$", "^%-%-%-@class patron%.[%w_]+$",
      "^%-%-%-@alias patron%.[%w_]+$",
      "^%-%-%-@alias patron%.[%w_]+ [^%s].*$", "^%-%-%-| string$", '^%-%-%-| "[^"]+"$',
      '^%-%-%-| "[^"]+" # .+$', "^%-%-%-@field %[1%]%?? [%w|%.%[%]]+ .+$",
      "^%-%-%-@field %[string%] any$", "^%-%-%-@field [%w_]+%?? [^%s].* .+$",
      "^%-%-%-@overload fun%(.+%): patron%.[%w_]+$", "^%-%-%-@param [%w_, ]+ [^%s].*$",
      "^%-%-%-@return [^%s].*$", "^%-%-%-@type patron%.type$", "^%-%-%- [^@]" }
    local declared, named = { ["patron.customer"] = true }, {}
    for line in assert(io.open("lua/patron.lua")):lines() do
      if line:find("^%-%-%-") then
        local known = false
        for _, form in ipairs(forms) do
          known = known or line:find(form) ~= nil
        end
        assert.is_true(known, line)
        local new = line:match("^%-%-%-@class (%S+)") or line:match("^%-%-%-@alias (%S+)")
        declared[new or ""] = true
        for type in line:gmatch("patron%.[%l_]+") do
          named[type] = line:find("^%-%-%- ") and named[type] or line
        end
      end
    end
    for type, line in pairs(named) do
      assert.is_true(declared[type], type .. " in " .. line)
    end
  end)

  it("is Lua, and has a function or a value for every word that stands anywhere", function()
    local env = {}
    assert(loadfile("lua/patron.lua", "t", env))()
    local page, functions = assert(io.open("lua/patron.lua")):read("a"), 0
    for _, word in ipairs(words) do
      if word.global and word.block ~= "inputs" then
        assert.is_function(env[word.name], word.name)
        functions = functions + 1
      elseif not word.global then
        assert.is_truthy(page:find("\n---@field " .. word.name .. "%??%s"), word.name)
      end
    end
    assert.is_true(functions > 20)
  end)
end)
