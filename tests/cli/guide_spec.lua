-- The guide makes one policy step by step: here it is made as a reader makes it, a block that comes
-- again taking the place of the one before, and after each step it is checked, tested and run.
local cli = require("cli")
local run = require("policy.run")

-- The declarations of a Lua text, each with what it declares: 'tiers "card"'.
local function declarations(text)
  local list, current = {}, nil
  for line in text:gmatch("([^\n]*)\n") do
    local word, rest = line:match("^(%l[%w_]*)( .*)$")
    if word then
      current = { name = word .. (rest:match('^ "[^"]*"') or ""), lines = {} }
      list[#list + 1] = current
    end
    if current then
      current.lines[#current.lines + 1] = line
    end
  end
  return list
end

local function put(policy, declared)
  for i, old in ipairs(policy) do
    if old.name == declared.name then
      policy[i] = declared
      return
    end
  end
  policy[#policy + 1] = declared
end

local function text_of(policy)
  local parts = {}
  for i, declared in ipairs(policy) do
    parts[i] = table.concat(declared.lines, "\n")
  end
  return table.concat(parts, "\n") .. "\n"
end

local function words(line)
  local list = {}
  for word in line:gmatch("%S+") do
    list[#list + 1] = word
  end
  return list
end

-- Every line that is shown is in what the program says, in that order.
local function shown(command, page)
  local said = cli.run(words(command))
  local all, from = said.out .. said.err, 1
  for line in page:gmatch("[^\n]+") do
    local at = all:find(line, from, true)
    assert.is_truthy(at, "not said by patron " .. command .. ": " .. line .. "\n" .. all)
    from = at
  end
end

describe("the guide", function()
  lazy_teardown(cli.clean)
  local guide = cli.read("docs/policies.md")
  local story, rest = guide:match("^(.-)\n## 10%.(.*)$")

  it("tells one policy that is sound, passes its tests and runs after every step", function()
    local policy, steps, outputs = {}, 0, 0
    for kind, block in story:gmatch("\n```(%l*)\n(.-)```") do
      if kind == "lua" then
        for _, declared in ipairs(declarations(block)) do
          put(policy, declared)
        end
        cli.write(cli.folder() .. "/mine.lua", text_of(policy))
        for _, call in ipairs({ { "check", "mine.lua", "samples/friends" }, { "test", "mine.lua" },
          { "score", "samples/friends", "mine.lua", "-o", "rows.csv" } }) do
          local said = cli.run(call)
          assert.equal(0, said.status, text_of(policy) .. said.out .. said.err)
        end
        steps = steps + 1
      else
        shown(block:match("^%$ patron ([^\n]+)\n(.*)$"))
        outputs = outputs + 1
      end
    end
    assert.is_true(steps >= 9)
    assert.is_true(outputs >= 4)
    for _, word in ipairs({ "params", "inputs", "metrics", 'tiers "card"', 'channel "phone"',
      'campaign "back again"', 'loyalty "miles"', 'referral "bring a friend"' }) do
      local there = false
      for _, declared in ipairs(policy) do
        there = there or declared.name == word
      end
      assert.is_true(there, word)
    end
  end)

  it("has examples that are sound", function()
    local examples = 0
    for text in rest:gmatch("\n```lua\n(.-)```") do
      if text:find("opted_out and has", 1, true) then
        text = "inputs { opted_out = flag, phone = text }\n" .. text
      end
      assert.equal("", run.compiled(text))
      examples = examples + 1
    end
    assert.equal(2, examples)
  end)
end)
