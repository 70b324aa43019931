-- Which metrics need not be computed anew when a param changes.
local run = require("policy.run")

local policy = [[
params { knob = 2, other = 3, retention_rate = 0.8, discount_rate = 0.1 }
metrics {
  plain = "x + 1", turned = "x * knob", above = "turned + 1", beside = "2 * plain + other",
  text = "kind == 'knob'", worth = "clv_perpetual + 1",
  called = function(x) return x + 1 end,
}
]]

local function unmoved(param)
  local out = run.load(policy, {
    compile = true, change = param, people = {
      { "customer", "label", "a" }, { "x", "integer", 7 }, { "kind", "label", "knob" },
      { "yearly_margin", "number", 100 },
    },
  })
  assert.equal(0, out.status, out.error)
  table.sort(out.unmoved)
  return table.concat(out.unmoved, " ")
end

describe("what a param leaves alone", function()
  it("reads it neither itself, nor through others, nor through the registry", function()
    assert.equal("beside clv_perpetual plain text worth", unmoved("knob"))
    assert.equal("above clv_perpetual plain text turned worth", unmoved("other"))
    for _, name in ipairs({ "retention_rate", "discount_rate" }) do
      assert.equal("above beside plain text turned", unmoved(name))
    end
  end)
end)
