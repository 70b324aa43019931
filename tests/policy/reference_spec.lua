-- docs/words.md is written from the vocabulary and from the examples of tests/policy/examples.lua;
-- every example is accepted, and every word refuses what is no use of it, at its place.
local core = require("patron_core").policy
local examples = require("policy.examples")
local run = require("policy.run")

local words = core.words()

local function title(block)
  return block == "" and "In the file" or "In `" .. block .. "`"
end

-- What the example stands in, where that is not the frame above the table.
local function in_frame(word, example)
  local own = examples.frames[word.block .. "." .. word.name]
  return own and own:gsub("%.%.%.", function()
    return example
  end) or example
end

local function section(out, block)
  local frame = examples.frames[block]
  out[#out + 1] = "\n## " .. title(block) .. "\n"
  if frame and frame ~= "..." then
    out[#out + 1] = "```lua\n" .. frame .. "\n```\n"
  end
  out[#out + 1] = "| word | takes | what it is | for example |\n|---|---|---|---|"
end

local function render()
  local out = { [[
# The words of a policy

Every word, what it takes, and its smallest use: in a block's table under what it stands in, where
the example takes the place of `...`. "Needed" words must be there, the others may be left out. The
words of the file and those that are written like functions or values may be used anywhere; the
others are keys of their block. [Writing a policy](policies.md) tells when to use which.]] }
  local block
  for _, word in ipairs(words) do
    if word.block ~= block then
      block = word.block
      section(out, block)
    end
    local example = in_frame(word, (examples.words[block] or {})[word.name] or "")
    out[#out + 1] = ("| `%s` | %s%s | %s | `%s` |"):format(word.name, word.takes,
      word.required and " (needed)" or "", word.help, (example:gsub("\n", " ")))
  end
  return table.concat(out, "\n") .. "\n"
end

local function findings(text)
  return run.load(text, { compile = true }).findings
end

-- A use of the wrong kind: `true` is for conditions and flags only, and those take no number.
local function wrong(word)
  local truth = word.takes:find("condition", 1, true) or word.takes == "true or false"
  local value = truth and "12" or "true"
  return (word.global and "%s(%s)" or "%s = %s"):format(word.name, value)
end

-- Whether the place is that of the value in `word = value`.
local function stands_at(text, line, column, use)
  local n = 0
  for row in text:gmatch("[^\n]*") do
    n = n + 1
    local at = n == line and row:find(use, 1, true)
    if at then
      return column == at + use:find("%S+$") - 1
    end
  end
  return false
end

describe("docs/words.md", function()
  it("is what the vocabulary says (after a change: REFRESH=1 busted tests/policy)", function()
    local page = render()
    if os.getenv("REFRESH") then
      local file = assert(io.open("docs/words.md", "w"))
      file:write(page)
      file:close()
    end
    local file = assert(io.open("docs/words.md"))
    assert.equal(page, file:read("a"))
    file:close()
  end)

  it("has no example of a word that there is not", function()
    local known = {}
    for _, word in ipairs(words) do
      known[word.block .. "." .. word.name] = true
    end
    for block, list in pairs(examples.words) do
      for name in pairs(list) do
        assert.is_true(known[block .. "." .. name], block .. "." .. name)
      end
    end
    for name in pairs(examples.frames) do
      assert.is_truthy(examples.words[name] or known[name], name)
    end
  end)
end)

describe("the word", function()
  for _, word in ipairs(words) do
    local name = word.block == "" and word.name or word.block .. "." .. word.name

    it(name .. " is accepted as its example has it", function()
      local text = examples.policy(words, word)
      assert.is_truthy(examples.words[word.block][word.name]:find(
        "%f[%w_]" .. word.name .. "%f[^%w_]"), "it does not use the word")
      for _, finding in ipairs(findings(text)) do
        assert.is_truthy(finding:find(" no rule reads ", 1, true), text .. "\n" .. finding)
      end
    end)

    it(name .. " refuses what it does not take, and says where", function()
      local use = wrong(word)
      local text = examples.policy(words, word, use)
      local all, told = findings(text), false
      for _, finding in ipairs(all) do
        local line, column = finding:match("^error %S+ (%d+):(%d+)")
        told = told or line and (finding:find("%f[%w_]" .. word.name .. "%f[^%w_]") ~= nil
          or stands_at(text, tonumber(line), tonumber(column), use))
      end
      assert.is_true(told, text .. "\n" .. table.concat(all, "\n"))
    end)
  end
end)
