-- What README.md and docs/ say is so: the files they name are there, the policies they show are
-- sound, the reasons they list are the program's.
local cli = require("cli")
local lfs = require("lfs")

local docs = { "README.md" }
for name in lfs.dir("docs") do
  docs[#docs + 1] = name:find("%.md$") and "docs/" .. name or nil
end

describe("the documents", function()
  lazy_teardown(cli.clean)

  it("name files that are there", function()
    for _, name in ipairs(docs) do
      local text = assert(cli.read(name), name)
      local folder = name:match("^(.*/)") or ""
      for link in text:gmatch("%]%(([%w_/%.%-]+%.md)%)") do
        assert.is_truthy(lfs.attributes(folder .. link), name .. ": " .. link)
      end
      for path in text:gmatch("`([a-z]+/[%w_/%.%-]+)`") do
        local ours = path:find("^src/") or path:find("^tests/") or path:find("^policies/")
          or path:find("^samples/") or path:find("^docs/")
        assert.is_truthy(not ours or lfs.attributes(path), name .. ": " .. path)
      end
    end
  end)

  it("show classes that are sound, and pass their tests", function()
    local examples = 0
    for text in cli.read("docs/segments.md"):gmatch("\n```lua\n(.-)```") do
      cli.write(cli.folder() .. "/p.lua", text)
      local check = cli.run({ "check", "p.lua", "--strict" })
      assert.equal(0, check.status, check.out)
      local run = cli.run({ "test", "p.lua" })
      assert.is_truthy(run.out:find(" 0 failed", 1, true), run.out)
      examples = examples + 1
    end
    assert.equal(2, examples)
  end)

  it("show tiers that are sound, and say of them what the program says", function()
    local text = cli.read("docs/tiers.md")
    local shown = 0
    for policy in text:gmatch("```lua\n(.-)```") do
      cli.write(cli.folder() .. "/shown.lua", policy)
      local run = cli.run({ "check", "shown.lua" })
      assert.equal(0, run.status, run.out .. run.err)
      shown = shown + 1
    end
    assert.equal(2, shown)
    local said = cli.run({ "score", "samples/club", "policies/loyalty-tiers.lua", "--json" }).out
    for state in said:match('"%(states%)":(%b{})'):gmatch('"([%l ]+)":') do
      local told = text:find("**" .. state .. "**", 1, true)
      assert.is_truthy(told or state:find("^tier before"), state)
    end
    for word in ("keep review valid grace fall previous since reviewed"):gmatch("%w+") do
      assert.is_truthy(text:find("`" .. word, 1, true), word)
    end
  end)

  it("show an evaluation as it is, and windows that end where they say", function()
    local text = cli.read("docs/trials.md")
    local run = cli.run({ "generate", "bank", "--customers", 6000, "--seed", 7, "-o", "bank" })
    assert.equal(0, run.status, run.err)
    run = cli.run({ "evaluate", "bank", "--campaign", "use it again", "--shares", "0.2,0.4,0.4",
      "--worth", "60" })
    assert.equal(text:match("```\n%$ [^\n]*\n(.-)```"), run.out)
    cli.write(cli.folder() .. "/after.lua", text:match("```lua\n(.-)```"))
    run = cli.run({ "evaluate", "bank", "after.lua", "--campaign", "use it again", "--shares",
      "0.2,0.4,0.4", "--outcome", "spent_after", "--before", "uses_before" })
    assert.equal(0, run.status, run.err)
    assert.matches("narrower with it", run.out)
    run = cli.run({ "plan-test", "bank", "policies/care.lua", "--campaign", "an idea", "--outcome",
      "orders,spend", "--arms", "control=0.1,offer=0.9", "--strata", "card_type", "--cluster",
      "household", "--effect", "20%" })
    assert.equal(text:match("```\n%$ patron plan%-test [^\n]*\n[^\n]*\n(.-)```"), run.out)
    os.execute("rm -r " .. cli.folder() .. "/bank")
  end)

  it("show campaigns that are sound, and where they run dry", function()
    local text = cli.read("docs/campaigns.md")
    cli.write(cli.folder() .. "/shown.lua", text:match("```lua\n(.-)```"))
    local run = cli.run({ "check", "shown.lua" })
    assert.equal(0, run.status, run.out .. run.err)
    run = cli.run({ "generate", "bank", "--customers", "2000", "--seed", "7", "-o", "bank" })
    assert.equal(0, run.status, run.err)
    run = cli.run({ "score", "bank", "policies/use-it-again.lua", "-o", "decisions.csv" })
    assert.equal(text:match("```\n(a bank.-)```"), run.out)
    assert.matches("ran dry at net", run.out)
    local said = cli.run({ "score", "bank", "policies/use-it-again.lua", "--json" }).out
    local reasons = text:match("## The reasons(.*)$")
    for reason in said:match('"waive the fee":{(.-)}'):gmatch('"([%w ]+)":') do
      local told = reasons:find("`" .. reason .. "`", 1, true)
      assert.is_truthy(told or reason == "fault", reason)
    end
    os.execute("rm -r " .. cli.folder() .. "/bank")
  end)

  it("show tests that pass, and what they see", function()
    local text = cli.read("docs/testing.md")
    local policy = text:match("```lua\n(policy .-)```")
    lfs.mkdir(cli.folder() .. "/mine")
    cli.write(cli.folder() .. "/mine/thanks.lua", policy)
    local run = cli.run({ "test", "mine/thanks.lua", "--coverage" })
    assert.equal(0, run.status, run.out .. run.err)
    local shown = text:match("%-%-coverage\n    policies/thanks.lua: ([^\n]*\n[^\n]*\n)")
    assert.equal(shown:gsub("\n    ", "\n"), run.out:match("^mine/thanks.lua: (.-\n.-\n)"))
    cli.write(cli.folder() .. "/thanks.lua", (policy:gsub("    { \"complained\".-\n", "")
      :gsub("test \"a year.*", "")))
    run = cli.run({ "test", "thanks.lua", "--coverage" })
    local lack, try = text:match("\n    (thanks.lua:[^\n]*)\n      ([^\n]*)\n")
    assert.is_truthy(run.out:find(lack .. " " .. try .. "\n", 1, true), run.out)
  end)

  it("show a spec for busted that runs, and notices a test that fails", function()
    local spec = cli.read("docs/testing.md"):match("```lua\n(local json .-)```")
    local at = cli.folder()
    cli.write(at .. "/ours_spec.lua", spec)
    local function busted()
      local pipe = io.popen(("cd '%s' && PATRON='%s' lua5.4 /usr/bin/busted ours_spec.lua 2>&1")
        :format(at, cli.program))
      local said = pipe:read("a")
      return pipe:close() or false, said
    end
    local passed, said = busted()
    assert.is_true(passed, said)
    local own = cli.run({ "test", "policies" }).out:match("(%d+) passed, 0 failed\n$")
    local files = 0
    for name in lfs.dir("policies") do
      files = files + (name:find("%.lua$") and 1 or 0)
    end
    assert.equal(own + files + 3, tonumber(said:match("(%d+) successes / 0 failures")), said)
    cli.write(at .. "/ours_spec.lua",
      (spec:gsub("test policies", "test --set answer=0.06 policies/rfm.lua")))
    passed, said = busted()
    assert.is_false(passed)
    assert.is_truthy(said:find("expected a value of 1.2, got 1.44", 1, true), said)
  end)

  it("show a referral programme that is sound and passes its test, and its reasons", function()
    local text = cli.read("docs/referrals.md")
    cli.write(cli.folder() .. "/friends.lua", (text:match("```lua\n(policy .-)```")))
    for _, verb in ipairs({ "check", "test" }) do
      local run = cli.run({ verb, "friends.lua" })
      assert.equal(0, run.status, run.out .. run.err)
    end
    local run = cli.run({ "score", "samples/friends", "policies/bring-a-friend.lua", "--json" })
    local given, listed = {}, {}
    local counts = run.out:match('"referrals":{"bring a friend":{(.-),"%(paid%)"')
    for reason in counts:gmatch('"([^"]+)":') do
      given[#given + 1] = reason
    end
    for reason in text:match("\n| reason | meaning |\n(.-)\n\n"):gmatch("\n| `([^`]+)` |") do
      listed[#listed + 1] = reason
    end
    assert.same(given, listed)
  end)

  it("list the reasons that the program gives", function()
    local said = cli.run({ "score", "samples/bank", "policies/card-retention.lua", "--json" }).out
    local reasons = 0
    for reason in cli.read("docs/decisions.md"):match("## The reasons(.-)\n## "):gmatch(
      "\n| `([%w ]+)`") do
      reasons = reasons + 1
      assert.is_truthy(said:find('"' .. reason .. '":', 1, true), reason)
    end
    local counted = said:match('"waive the fee":{(.-)}')
    local _, all = counted:gsub('"[%w ]+":', "")
    assert.equal(all, reasons)
  end)

  it("tell the parameters by which bases are made, and their tables", function()
    local text = cli.read("docs/generate.md")
    for _, kind in ipairs({ "bank", "retail" }) do
      local section = text:match("\n## " .. kind .. "\n(.-)\n## ")
      local run = cli.run({ "generate", kind, "--customers", "10", "-o", kind, "--json" })
      assert.equal(0, run.status, run.err)
      local made, told = {}, {}
      local truth = cli.read(cli.folder() .. "/" .. kind .. "/truth.json")
      for name, value in truth:match('"parameters": (%b{})'):gmatch('"([^"]+)": ([%d.]+)') do
        made[name] = value
      end
      for name, factor in truth:match('"effects_on_leaving": (%b{})\n?'):gmatch(
        '"([^"]+)": { "factor": ([%d.]+)') do
        made[name] = factor
      end
      for name, value in section:gmatch("\n| ([^|]-) | ([%d.]+)[^|]- |") do
        told[name] = value
      end
      assert.same(made, told)
      for name in run.out:gmatch('"name":"(%w+)"') do
        assert.is_truthy(section:find("`" .. name .. "`", 1, true), kind .. ": " .. name)
      end
    end
  end)

  it("show what diff says, and its kinds of change", function()
    local text = cli.read("docs/diff.md")
    local command, page = text:match("\n```\n%$ patron ([^\n]+)\n(.-)```\n")
    local words = {}
    for word in command:gmatch("%S+") do
      words[#words + 1] = word
    end
    assert.equal(cli.run(words).out, page)
    words[#words + 1] = "--json"
    local kinds = 0
    for kind in cli.run(words).out:match('"changes":(%b{})'):gmatch('"(%w+)":{') do
      kinds = kinds + 1
      assert.is_truthy(kind == "class" or text:find("\n| `" .. kind .. "` |", 1, true), kind)
    end
    assert.is_true(kinds > 4)
  end)

  it("in the README, lead to the first success", function()
    local text = cli.read("policies/card-retention.lua")
    local changed, n = text:gsub("fee_in <= 30 and potential", "fee_in <= 90 and potential")
    assert.equal(1, n)
    cli.write(cli.folder() .. "/mine.lua", changed)
    local before = cli.run({ "score", "samples/bank", "policies/card-retention.lua" })
    local after = cli.run({ "score", "samples/bank", "mine.lua" })
    assert.is_truthy(before.out:find("\nC006,classic,,", 1, true))
    assert.is_truthy(after.out:find("\nC006,classic,waive the fee,", 1, true))
    assert.is_truthy(cli.run({ "explain", "samples/bank", "mine.lua", "C006" }).out:find(
      "waive the fee: granted", 1, true))
  end)
end)
