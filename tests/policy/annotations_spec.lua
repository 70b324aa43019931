-- The editor annotations are what the vocabulary says, for editors that run lua-language-server.
local words = require("patron_core").policy.words()

local TYPES = {
  ["a condition"] = "string|boolean",
  ["a number expression"] = "string|number",
  ["text"] = "string",
  ["text or a list of text"] = "string|string[]",
  ["a number"] = "number",
  ["a column's name"] = "string",
  ['"to what holds", "one tier" or "never"'] = '"to what holds"|"one tier"|"never"',
  ["a whole number"] = "integer",
  ["a share from 0 to below 1"] = "number",
  ["a table"] = "table",
  ["true or false"] = "boolean",
  ['"net", "net per cost" or "priority"'] = '"net"|"net per cost"|"priority"',
  ['a day such as "2026-01-31"'] = "string",
  ["a share above 0, to 1"] = "number",
  ['by "a tiers block" { class = number }'] = "patron.reward",
  ["days(n) or months(n)"] = "patron.duration",
  ['an offer such as gift "umbrella"'] = "patron.offer",
  ['an ISO 4217 code such as "CNY"'] = "string",
  ["a table of name = value"] = "table<string, any>",
  ["an amount"] = "string|number",
  ["a reward such as both(300)"] = "patron.reward",
  ["a whole number, or { number, per = months(12) }"] = "integer|patron.limit",
  ["an amount, or { amount, per = months(12) }"] = "number|patron.limit",
  ["a tier's name, or { tiers = name, ... }"] = "string|table<string, string>",
  ["an expression"] = "string",
  ["a playbook's name, or { channel = name, ... }"] = "string|table<string, string>",
  ["a campaign's name, or a list of them"] = "string|string[]",
  ['a list of { "a title", customer = { ... }, gives = { ... } }'] = "patron.test[]",
  ['a day such as "2025-03-31"'] = "string",
  ["a list of rows"] = "table<string, any>[]",
}

-- How a word that stands anywhere is written: its parameters and what it gives.
local SHAPES = {
  ["a name and a table"] = { "---@param name string\n---@return fun(settings: %s)", "name" },
  ["a name and a table of tiers"] = {
    "---@param name string\n---@return fun(tiers: table)", "name" },
  ["a table of name = type"] = { "---@param columns table<string, any>", "columns" },
  ["a table of name = value"] = { "---@param params table<string, any>", "params" },
  ["a table of name = expression or aggregate"] = {
    "---@param metrics table<string, string|patron.aggregated>", "metrics" },
  ["a table's name and settings"] = {
    "---@param tables string\n---@return fun(settings: patron.aggregate): patron.aggregated",
    "tables" },
  ["a table's name and { what }"] = {
    "---@param tables string\n---@return fun(settings: patron.aggregate): patron.aggregated",
    "tables" },
  ["an expression"] = { "---@param of string\n---@return patron.aggregated", "of" },
  ['(share, "an expression")'] = {
    "---@param share number\n---@param of string\n---@return patron.aggregated", "share, of" },
  ["an expression and a table of class = reward, and no other `by` in it"] = {
    "---@param what string\n---@return fun(rewards: table<string, patron.reward>): patron.reward",
    "what" },
  ["a list of { number, reward } with rising numbers from 1, and no other `steps` in it"] = {
    "---@param list table[]\n---@return patron.reward", "list" },
}

-- What stands in a table without a name.
local FIRST = {
  aggregate = "? string What is aggregated: an expression over the table.",
  limit = " number The most there may be.",
  test = "? string Of a case: its title.",
}

local function class_of(word)
  for _, other in ipairs(words) do
    if other.block == word.name and not other.global then
      return "patron." .. word.name
    end
  end
  return "table"
end

local function value_of(block)
  return ({ duration = "patron.duration", offer = "patron.offer", reward = "patron.reward" })[block]
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
      or ({ ["the name of a tier"] = "string", ["text, or nothing"] = "string?" })[word.takes]
    assert(takes, word.takes .. " has no type in the annotations")
    out[#out + 1] = ("---@param what %s\n---@return %s\nfunction %s(what) end"):format(
      takes, value_of(word.block), word.name)
  end
end

local function render()
  local out = {
    "---@meta",
    "-- The words of a policy, for editors that run lua-language-server: make this folder a",
    '-- library of the workspace ("workspace.library": ["lua"]). Written from the vocabulary.',
    "",
    "---@class patron.type",
    "---@class patron.duration",
    "---@class patron.offer",
    "---@class patron.reward",
    "---@class patron.aggregated",
  }
  local block
  for _, word in ipairs(words) do
    if not word.global then
      if word.block ~= block then
        block = word.block
        out[#out + 1] = "\n---@class patron." .. block
        if FIRST[block] then
          out[#out + 1] = "---@field [1]" .. FIRST[block]
        end
      end
      out[#out + 1] = ("---@field %s%s %s %s"):format(word.name, word.required and "" or "?",
        assert(TYPES[word.takes], word.takes .. " has no type in the annotations"), word.help)
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
