-- Every recipe runs as it stands, on a base as it names one, and does something there.
local cli = require("cli")
local json = require("dkjson")

describe("the recipe", function()
  setup(function()
    for name, kind in pairs({ shop = "retail", bank = "bank" }) do
      local run = cli.run({ "generate", kind, "--customers", 2000, "-o", name })
      assert.equal(0, run.status, run.err)
    end
  end)
  teardown(cli.clean)

  local recipes = 0
  for title, base, text in cli.read("docs/cookbook.md"):gmatch(
    "\n## ([^\n]+) %((%l+)%)\n.-```lua\n(.-)```") do
    recipes = recipes + 1
    it(title, function()
      cli.write(cli.folder() .. "/recipe.lua", text)
      local check = cli.run({ "check", "recipe.lua", base })
      assert.equal(0, check.status, check.out .. check.err)
      assert.is_nil((check.out .. check.err):find("warning", 1, true), check.out .. check.err)
      local referral = ("\n" .. text):find("\nreferral ")
      local run = cli.run({ "score", base, "recipe.lua", "-o", "rows.csv", "--json",
        referral and "--rewards" or "--raw", referral and "rewards.csv" })
      assert.equal(0, run.status, run.err)
      local counts = json.decode(run.out).counts
      for name, reasons in pairs(counts.campaigns) do
        if not name:find("^after ") then
          assert.is_true(reasons.granted > 0, name)
        end
      end
      if referral then
        local _, lines = cli.read(cli.folder() .. "/rewards.csv"):gsub("\n", "")
        assert.is_true(lines > 1)
      end
    end)
  end

  it("is one of twenty and more", function()
    assert.is_true(recipes >= 20)
    local _, headings = cli.read("docs/cookbook.md"):gsub("\n## ", "")
    assert.equal(headings, recipes)
  end)
end)
