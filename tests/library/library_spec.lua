-- The library in a program that is not ours: what it may see, do to the process, and survive.
local cli = require("cli")
local host = require("library.host")

local bank, retention = "samples/bank", "policies/card-retention.lua"

local function lines(text)
  local list = {}
  for line in text:gmatch("[^\n]+") do
    list[#list + 1] = line
  end
  return list
end

local function make_shop(customers)
  local words = { "generate", "retail", "--customers", customers, "--seed", "7", "-o", "shop" }
  assert.equal(0, cli.run(words).status)
end

-- What patron.h declares.
local function declared()
  local names = {}
  for name in cli.read("src/patron.h"):gmatch("(patron_[a-z_]+)%(") do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

describe("the library", function()
  after_each(cli.clean)

  it("shows what patron.h declares, and nothing else", function()
    local names = declared()
    assert.is_true(#names > 10)
    assert.same(names, host.exported())
  end)

  it("has a header for any C compiler", function()
    for _, standard in ipairs({ "c99", "c17" }) do
      local command = "cc -std=" .. standard .. " -pedantic -Wall -Wextra -Werror -fsyntax-only "
      assert.is_true(os.execute(command .. "-x c src/patron.h"), standard)
    end
  end)

  it("is embedded by the sample", function()
    local run = host.run({ bank, retention, "C005" }, { program = "embed" })
    assert.equal(0, run.status, run.err)
    local said = lines(run.out)
    assert.equal(cli.run({ "score", bank, retention, "--json" }).out, said[1] .. "\n")
    assert.truthy(said[2]:find('{"customer":"C005","tier":"classic",', 1, true))
    assert.truthy(said[3]:find('{"customer":"N1","tier":"classic","campaign":null', 1, true))
    run = host.run({ bank, retention, "nobody" }, { program = "embed" })
    assert.equal(1, run.status)
    assert.truthy(run.err:find("there is no customer 'nobody'", 1, true))
  end)
end)

describe("a host", function()
  after_each(cli.clean)

  -- The same words through the program, in the locale of the tests.
  local calls = {
    { "score", bank, retention, "-o", "out.csv", "--candidates", "all.ndjson" },
    { "score", bank, retention, "--json", "--threads", "2" },
    { "measure", bank, "-o", "out.csv" },
    { "measure", "samples/rfm-nine", "policies/churn-warning.lua", "-o", "out.ndjson" },
    { "explain", bank, retention, "C006" },
    { "explain", bank, retention, "C006", "--json" },
    { "diff", bank, retention, "--set", "high_value=400", "-o", "out.csv" },
    { "profile", bank },
    { "profile", bank .. "/transactions.csv", "--json" },
    { "check", "policies/rfm.lua", "--json" },
    { "test", "policies" },
    { "simulate", bank, retention, "--tornado", "--budget", "1000",
      "-o", "out.html" },
    { "simulate", bank, retention, "--months", "3", "--runs", "4", "--json" },
    { "simulate", bank, retention, "--sweep", "high_value=400,800", "--vs", "policies/care.lua" },
    { "evaluate", bank, "--arms", "potential", "--control", "low", "--outcome", "spend" },
    { "plan-test", bank, "--outcome", "spend,orders", "--name", "may", "-o", "out.csv" },
    { "metrics", "rf_ratio" },
    { "score", "--help" },
    { "--version" },
  }

  local function files()
    local found = {}
    for _, name in ipairs({ "out.csv", "out.ndjson", "out.html", "all.ndjson" }) do
      found[name] = cli.read(cli.folder() .. "/" .. name)
      os.remove(cli.folder() .. "/" .. name)
    end
    return found
  end

  local function same_everywhere(env)
    for _, words in ipairs(calls) do
      local expected = cli.run(words)
      local expected_files = files()
      local run = host.run({ "run", table.unpack(words) }, { env = env })
      local name = table.concat(words, " ")
      assert.equal(expected.status, run.status, name .. run.err)
      assert.equal(expected.out, run.out, name)
      assert.same(expected_files, files(), name)
    end
  end

  it("in another zone of time gets what the program says", function()
    same_everywhere("TZ=XYZ-14:30")
  end)

  it("in a German locale gets what the program says", function()
    local env, why = host.german()
    if not env then
      return pending(why)
    end
    same_everywhere(env)
  end)

  it("with a small stack gets what the program says", function()
    if host.sanitized() then
      return pending("the sanitizers need more stack")
    end
    same_everywhere("prlimit --stack=524288")
  end)

  it("may ignore its children, or reap them itself", function()
    local run = host.run({ "run", "test", "policies" }, { env = "HOST_IGNORES_CHILDREN=1" })
    assert.equal(0, run.status, run.out .. run.err)
    assert.equal(cli.run({ "test", "policies" }).out, run.out)
  end)

  it("takes rows where the program prints them, if it wants any", function()
    local words = { "score", bank, retention }
    local run = host.run({ "run", table.unpack(words) }, { env = "HOST_WRITES=1" })
    assert.equal(cli.run(words).out .. cli.run(words).err:gsub("^patron: [^\n]*\n", ""), run.out)
    local without = host.run({ "run", table.unpack(words) })
    assert.equal(0, without.status)
    assert.is_nil(without.out:find("C001", 1, true))
    without = host.run({ "run", "score", bank, retention, "-o", "-" })
    assert.equal(2, without.status)
    assert.truthy(without.out:find("there is no standard output here", 1, true))
  end)

  it("does not die of a reader that has gone away", function()
    make_shop(2000)
    local run = host.run({ "run", "measure", "shop", "-o", "/dev/fd/3" },
      { pipe = "head -c 9" })
    assert.equal("customer,", run.piped)
    assert.equal(0, run.status, run.err)
  end)

  it("is told where the program for scripts is missing, or is another one", function()
    for program, text in pairs({ ["/nowhere/patron"] = "there is none at /nowhere/patron",
      ["/bin/true"] = "the process that runs the script, /bin/true, ended without an answer" }) do
      local run = host.run({ "run", "check", retention }, { env = "PATRON=" .. program })
      assert.is_true(run.status == 3 or run.status == 1)
      assert.truthy(run.out:find(text, 1, true), run.out)
    end
  end)

  it("holds data and a policy open over many runs", function()
    for _, verb in ipairs({ { "score", "--json" }, { "explain", "C006" }, { "measure", "--json" },
      { "check", "--json" }, { "diff", "policies/rfm.lua" } }) do
      local words = { verb[1], bank, retention, table.unpack(verb, 2) }
      if verb[1] == "check" then
        words[2], words[3] = words[3], words[2]
      end
      local once = cli.run(words)
      local run = host.run({ "held", bank, retention, table.unpack(verb) })
      assert.equal(once.status, run.status, run.err)
      assert.equal(once.out .. once.out, run.out)
    end
  end)

  it("is told what does not go with handles", function()
    local function says(text, ...)
      local run = host.run({ "held", bank, retention, ... })
      assert.equal(2, run.status, run.out)
      assert.truthy(run.out:find(text, 1, true), run.out)
    end
    says("--as-of is said when the data is opened", "score", "--as-of", "2025-01-01")
    local run = host.run({ "held", bank .. "/none", retention, "score" })
    assert.equal(1, run.status)
    assert.truthy(run.out:find("bank/none", 1, true), run.out)
    says("--set is said when the policy is opened", "score", "--set", "high_value=500")
    says("profile has no place for the policy that is held open; it takes: DATA", "profile")
    says("'samples/bank' is one argument too many", "score", bank)
  end)

  it("writes over no file of the data that is held open", function()
    local mine = cli.folder() .. "/mine"
    assert(os.execute(("cp -rL '%s/%s' '%s'"):format(cli.folder(), bank, mine)))
    for _, name in ipairs({ "dataset.json", "events.csv" }) do
      local before = cli.read(mine .. "/" .. name)
      local run = host.run({ "held", mine, retention, "score", "-o", mine .. "/" .. name })
      assert.equal(2, run.status, run.out)
      assert.truthy(run.out:find("data itself", 1, true), run.out)
      assert.equal(before, cli.read(mine .. "/" .. name))
    end
  end)

  it("works from two threads with two datasets and two policies", function()
    local run = host.run({ "threads", bank, retention, "samples/rfm-nine",
      "policies/churn-warning.lua" })
    assert.equal("40 rounds, 0 wrong\n", run.out, run.err)
    assert.equal(0, run.status, run.err)
  end)
end)

describe("a run that is cancelled", function()
  after_each(cli.clean)

  it("writes nothing, at whichever question", function()
    cli.write(cli.folder() .. "/buys.csv", "customer,date,amount\nA,2025-01-01,10\n"
      .. "B,no day,10\nB,2025-02-01,20\nB,2025-04-01,30\n")
    local run = host.run({ "cancel", "out.csv", "score", "buys.csv", "policies/churn-warning.lua",
      "-o", "out.csv", "--candidates", "all.csv", "--rejects", "bad.csv" })
    assert.equal(0, run.status, run.err)
    local questions, status = run.out:match("^(%d+) questions, then (%d)\n$")
    assert.is_true(tonumber(questions) > 20, run.out)
    assert.equal("4", status) -- a row was rejected
    for _, name in ipairs({ "out.csv", "all.csv", "bad.csv" }) do
      assert.truthy(cli.read(cli.folder() .. "/" .. name), name)
    end
  end)

  it("is no result that lacks what it had no time for", function()
    local shop = "samples/rfm-nine"
    local function cancelled(file, ...)
      local run = host.run({ "cancel", file, ... })
      assert.equal(0, run.status, run.err)
      assert.truthy(run.out:find(" questions, then 0\n$"), run.out)
      assert.is_true(tonumber(run.out:match("^%d+")) > 5, run.out)
    end
    cancelled("out.csv", "measure", shop, "-o", "out.csv")
    cancelled("-", "check", "policies/churn-warning.lua", shop)
    cancelled("-", "test", "policies/churn-warning.lua")
    cancelled("-", "simulate", bank, "policies/card-retention.lua", "--sweep",
      "high_value=400,800", "--vs", "policies/card-retention.lua", "--months", "1",
      "--runs", "1")
    cancelled("model.json", "fit", shop, "-o", "model.json")
    cancelled("-", "explain", shop, "policies/churn-warning.lua", "001")
    cancelled("dataset.json", "profile", bank .. "/events.csv", "-o", "dataset.json")
  end)

  it("by a signal ends the program with nothing written, and by that signal", function()
    make_shop(300)
    local function ends_soon(data, text)
      cli.write(cli.folder() .. "/slow.lua", text)
      local run = cli.run({ "score", data, "slow.lua", "-o", "out.csv", "--threads", "2" },
        { env = "timeout --foreground -s TERM --kill-after 1.5 --preserve-status 0.5" })
      assert.equal(128 + 15, run.status)
      assert.truthy(run.err:find("patron: cancelled; nothing was written\n", 1, true), run.err)
      assert.is_nil(cli.read(cli.folder() .. "/out.csv"))
    end
    ends_soon(bank, "while true do end") -- at the script's deadline it would have ended later
    ends_soon("shop", 'campaign "x" { offer = points(1), value = "1", when = function(orders)\n'
      .. "for i = 1, 1e7 do end return true end }") -- at its end, after half a minute
  end)
end)

describe("a host without memory", function()
  after_each(cli.clean)

  it("gets an error, and everything back, whichever allocation fails", function()
    if host.sanitized() then
      return pending("the sanitizers have an allocator of their own")
    end
    local record = '{"customer":"N1","opened":"2025-02-01","transactions":['
      .. '{"date":"2025-06-03","amount":258.40,"merchant":"餐饮"}]}'
    local function survives(...)
      local run = host.run({ ... }, { program = "library_memory" })
      assert.equal(0, run.status, run.out .. run.err)
      local steps = 0
      for calls in run.out:gmatch(": (%d+) calls\n") do
        steps = steps + 1
        assert.is_true(tonumber(calls) > 10, run.out)
      end
      assert.equal(2 * 8, steps, run.out)
    end
    survives(bank, retention, "C005", record, "out.csv")
    make_shop(500)
    survives("shop/transactions.csv", "policies/rfm.lua", "C0000017", '{"customer":"N"}', "out.csv")
  end)
end)
