-- Every verb explains itself, and the examples that it shows work as they stand.
local cli = require("cli")

local function words(line)
  local list = {}
  for quote, word in (line .. " "):gmatch('("?)(.-)%1%s+') do
    list[#list + 1] = quote and word
  end
  return list
end

-- The lines of a help that show how to call the program.
local function examples(text)
  local list = {}
  for line in text:gmatch("\n  patron ([^\n]+)") do
    list[#list + 1] = line
  end
  return list
end

describe("patron --help", function()
  lazy_teardown(cli.clean)

  local main = cli.run({ "--help" })
  it("lists the verbs", function()
    assert.equal(0, main.status, main.err)
    for _, verb in ipairs({ "score", "explain", "measure", "profile" }) do
      assert.is_truthy(main.out:find("\n  patron " .. verb, 1, true), verb)
    end
  end)

  it("fits 80 columns, but for commands that are to be copied as they are", function()
    local pages = { main.out }
    for verb in main.out:gmatch("\n  patron ([%a-]+)") do
      pages[#pages + 1] = cli.run({ verb, "--help" }).out
    end
    assert.is_true(#pages > 15)
    for line in table.concat(pages):gmatch("[^\n]+") do
      assert.is_true(#line <= 80 or line:find("^  patron ") ~= nil, line)
      assert.is_nil(line:find(" $"), line)
    end
  end)

  for _, verb in ipairs({ "score", "explain", "recall", "measure", "metrics", "profile", "check",
    "test", "diff", "simulate", "evaluate", "plan-test", "fit", "pack", "generate" }) do
    it("shows examples of " .. verb .. " that work", function()
      local help = cli.run({ verb, "--help" })
      assert.equal(0, help.status, help.err)
      local list = examples(help.out:match("\nExamples:(.*)") or "")
      assert.is_true(#list > 0, "no examples")
      for _, line in ipairs(list) do
        local run = cli.run(words(line))
        assert.equal(0, run.status, line .. "\n" .. run.err)
      end
    end)
  end
end)
