-- The guide makes one policy step by step: here it is made as a reader makes it, a block that comes
-- again taking the place of the one before, and after each step it is checked, tested and run.
local cli = require("cli")
local guided = require("guide")
local run = require("policy.run")

describe("the guide", function()
  lazy_teardown(cli.clean)
  local guide = cli.read("docs/policies.md")
  local story, rest = guide:match("^(.-)\n## 10%.(.*)$")

  it("tells one policy that is sound, passes its tests and runs after every step", function()
    local policy, steps, outputs = {}, 0, 0
    for kind, block in story:gmatch("\n```(%l*)\n(.-)```") do
      if kind == "lua" then
        guided.put(policy, block)
        cli.write(cli.folder() .. "/mine.lua", guided.text(policy))
        for _, call in ipairs({ { "check", "mine.lua", "samples/friends" }, { "test", "mine.lua" },
          { "score", "samples/friends", "mine.lua", "-o", "rows.csv" } }) do
          local said = cli.run(call)
          assert.equal(0, said.status, guided.text(policy) .. said.out .. said.err)
        end
        steps = steps + 1
      else
        guided.shown(block:match("^%$ patron ([^\n]+)\n(.*)$"))
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
