-- Every recipe, of the cookbook and of the textbook, runs as it stands, on a base as it names one,
-- and does something there: every campaign is granted, every class has customers. The commands that
-- stand below it run, too.
local cli = require("cli")
local guided = require("guide")
local json = require("dkjson")

describe("the recipe", function()
  setup(function()
    for name, kind in pairs({ shop = "retail", bank = "bank" }) do
      local run = cli.run({ "generate", kind, "--customers", 2000, "-o", name })
      assert.equal(0, run.status, run.err)
    end
  end)
  teardown(cli.clean)

  local both = cli.read("docs/cookbook.md") .. cli.read("docs/textbook.md"):match("\n## ABC.*")
  local recipes = 0
  for section in both:gsub("\n## ", "\0"):gmatch("%z([^\0]+)") do
    local title, base, text = section:match("^([^\n]+) %((%l+)%)\n.-```lua\n(.-)```")
    recipes = recipes + (title and 1 or 0)
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
      for name, classes in pairs(counts.schemes) do
        for class, customers in pairs(classes) do
          assert.is_true(class:find("^%(") ~= nil or customers > 0, name .. ": " .. class)
        end
      end
      for command in section:gmatch("\n    patron ([^\n]+)") do
        guided.shown(command, "")
      end
      if referral then
        local _, lines = cli.read(cli.folder() .. "/rewards.csv"):gsub("\n", "")
        assert.is_true(lines > 1)
      end
    end)
  end

  it("is one of twenty and more", function()
    assert.is_true(recipes >= 20)
    local _, headings = both:gsub("\n## ", "")
    assert.equal(headings, recipes)
  end)
end)
