-- What goes wrong outside the program, and by mistake: a message that names the place and what to
-- do, the documented exit status, the old output intact, no process left behind.
local cli = require("cli")
local lfs = require("lfs")

local score = { "score", "samples/bank", "policies/card-retention.lua" }

local function with(...)
  local list = { table.unpack(score) }
  for _, word in ipairs({ ... }) do
    list[#list + 1] = word
  end
  return list
end

local function says(run, status, ...)
  assert.equal(status, run.status, run.err)
  for _, text in ipairs({ ... }) do
    assert.is_truthy(run.err:find(text, 1, true), "no '" .. text .. "' in: " .. run.err)
  end
end

local function path(name)
  return cli.folder() .. "/" .. name
end

describe("usage", function()
  lazy_teardown(cli.clean)

  it("is status 2, with the nearest word", function()
    says(cli.run({}), 2, "patron --help")
    says(cli.run({ "scroe" }), 2, "score")
    says(cli.run({ "score", "samples/bank" }), 2, "usage: patron score")
    says(cli.run(with("--canditates", "x.csv")), 2, "--candidates")
    says(cli.run(with("--threads", "none")), 2, "--threads")
    says(cli.run(with("a", "b")), 2, "'a'")
  end)
end)

describe("outputs", function()
  after_each(cli.clean)

  it("stop without a word when the reader goes away", function()
    local run = cli.run(score, { pipe = "head -1" })
    assert.equal(0, run.status, run.err)
    assert.equal("customer,tier,campaign,offer,channel,cost,value,net,reason\n", run.out)
    assert.is_nil(run.err:lower():find("pipe", 1, true))
  end)

  it("are nothing but rows where standard output is named", function()
    local rows = cli.run(score)
    for _, words in ipairs({ {}, { "--json" } }) do
      local run = cli.run(with("-o", "-", table.unpack(words)))
      assert.equal(0, run.status, run.err)
      assert.equal(rows.out, run.out)
    end
    local data = { "samples/bank", "-o", "-" }
    assert.matches("\nC024,%d*\n$", cli.run({ "measure", "--metrics", "orders",
      table.unpack(data) }).out)
    assert.matches("^{.*}\n*$", cli.run({ "profile", table.unpack(data) }).out)
    says(cli.run(with("--candidates", "-")), 2, "--candidates", "file")
  end)

  it("fail as the machine's fault on a full device", function()
    says(cli.run(score, { to = "/dev/full" }), 3, "o space")
    says(cli.run({ "metrics" }, { to = "/dev/full" }), 3, "o space")
  end)

  it("need a folder that is there", function()
    says(cli.run(with("-o", "no/such/d.csv")), 1, "no/such")
  end)

  it("need a suffix that says the format", function()
    says(cli.run(with("-o", "d.xlsx")), 2, "d.xlsx", ".csv")
  end)

  it("leave the old file as it was when the run is refused", function()
    cli.write(path("d.csv"), "old\n")
    cli.write(path("wrong.lua"), 'policy "Wrong" {}\ncampaign "c" { when = "recency_dys > 3", '
      .. 'offer = gift "x" }\n')
    says(cli.run({ "score", "samples/bank", "wrong.lua", "-o", "d.csv" }), 1, "wrong.lua:2:24",
      "recency_days")
    assert.equal("old\n", cli.read(path("d.csv")))
    for name in lfs.dir(cli.folder()) do
      assert.is_truthy(({ ["."] = 1, [".."] = 1, ["d.csv"] = 1, ["wrong.lua"] = 1, samples = 1,
        policies = 1 })[name], "left behind: " .. name)
    end
  end)

  it("have a manifest, written last, of the bytes that were read and written", function()
    assert.equal(0, cli.run(with("-o", "d.csv", "--candidates", "c.csv")).status)
    local manifest = cli.read(path("d.csv.manifest.json"))
    local ages = io.popen("cd " .. cli.folder() .. " && stat -c %.9Z d.csv.manifest.json ?.csv")
    local last = assert(ages:read("l"))
    for age in ages:lines() do
      assert.is_true(age <= last)
    end
    ages:close()
    local sums = io.popen("cd " .. cli.folder() .. " && sha256sum samples/bank/*.csv ?.csv")
    for line in sums:lines() do
      local sum, file = line:match("^(%x+)%s+(.*)$")
      local said = ('{"file":"%s","sha256":"%s"'):format(file, sum)
      assert.is_truthy(manifest:find(said, 1, true), file)
    end
    sums:close()
  end)

  it("replace the old file when the run is done", function()
    cli.write(path("d.csv"), "old\n")
    local run = cli.run(with("-o", "d.csv"))
    assert.equal(0, run.status, run.err)
    assert.is_truthy(cli.read(path("d.csv")):find("^customer,tier,"))
  end)
end)

describe("inputs", function()
  after_each(cli.clean)

  it("that are not there are named", function()
    says(cli.run({ "score", "nowhere", "policies/rfm.lua" }), 1, "nowhere")
    says(cli.run({ "score", "samples/bank", "nowhere.lua" }), 1, "nowhere.lua")
    says(cli.run({ "score", "samples", "policies/rfm.lua" }), 1, "dataset.json")
  end)

  it("that may not be read are named", function()
    cli.write(path("secret.csv"), "customer,date,amount\n1,2025-01-01,3\n")
    os.execute("chmod 000 '" .. path("secret.csv") .. "'")
    if io.open(path("secret.csv")) then
      pending("run by root, who may read every file")
    end
    says(cli.run({ "score", "secret.csv", "policies/rfm.lua" }), 1, "secret.csv")
  end)

  it("that are empty, or a header alone, are answered", function()
    cli.write(path("empty.csv"), "")
    cli.write(path("header.csv"), "customer,date,amount\n")
    says(cli.run({ "score", "empty.csv", "policies/rfm.lua" }), 1, "empty.csv")
    says(cli.run({ "score", "header.csv", "policies/rfm.lua" }), 0,
      "header.csv: has a header and no rows")
  end)

  it("with bad rows are done in part, and the rows said", function()
    cli.write(path("t.csv"),
      "customer,date,amount\n1,1998-02-28,3\n1,1998-02-30,4\n2,1998-03-01,x\n")
    says(cli.run({ "measure", "t.csv", "--metrics", "orders", "-o", "m.csv" }), 4, "t.csv:3:3",
      "1998-02-30", "t.csv:4:14")
    assert.equal("customer,orders\n1,1\n", cli.read(path("m.csv")))
  end)

  it("that are something else under a .csv name are named for what they are", function()
    cli.write(path("z.csv"), "PK\3\4" .. ("\0"):rep(60))
    cli.write(path("g.csv"), "\x1f\x8b\8" .. ("\0"):rep(60))
    cli.write(path("u.csv"), "\xff\xfec\0u\0s\0t\0o\0m\0e\0r\0")
    says(cli.run({ "profile", "z.csv" }), 1, "z.csv", "zip")
    says(cli.run({ "profile", "g.csv" }), 1, "g.csv", "gzip")
    says(cli.run({ "profile", "u.csv" }), 1, "u.csv", "UTF-16")
  end)
end)

describe("policies", function()
  after_each(cli.clean)

  local function check(text, ...)
    cli.write(path("p.lua"), text)
    local run = cli.run({ "check", "p.lua" }, { limit = 20 })
    assert.equal(1, run.status, run.out .. run.err)
    local said = run.out .. run.err
    for _, want in ipairs({ ... }) do
      assert.is_truthy(said:find(want, 1, true), "no '" .. want .. "' in: " .. said)
    end
  end

  it("with a slip are refused with its place", function()
    check('policy "P" {}\ncampaign "c" {\n  whn = "orders > 1",\n}\n', "p.lua:3:3", "when")
    check('policy "P" {}\ncampaign "c" {\n  when = "orders >",\n  offer = gift "x" }\n', "p.lua:3:")
    check('policy "P" {}\ncampaign "c" {\n  when = "orders > 1"\n  cost = "1",\n}\n', "p.lua:4")
    check('policy "P" {}\ncampaign "c" { when = function(...) return ... end, '
      .. 'offer = gift "x" }\n', "p.lua:2:23", "names what it takes")
  end)

  it("that never end, or eat all memory, are stopped", function()
    check('policy "P" {}\nwhile true do end\n', "p.lua")
    check('policy "P" {}\nlocal s = ("x"):rep(2 ^ 40)\n', "p.lua")
    check('policy "P" {}\nlocal s = "x" while true do s = s .. s end\n', "p.lua")
  end)

  it("that are bytecode are refused", function()
    check(string.dump(load("return 1")), "p.lua")
  end)

  it("find no way out", function()
    for _, name in ipairs({ "os", "io", "require", "debug", "load", "dofile", "setmetatable",
      "getmetatable", "coroutine", "collectgarbage", "_G" }) do
      check('policy "P" {}\nlocal x = ' .. name .. ".x\n", "p.lua:2", name)
    end
  end)
end)

describe("a policy's own test", function()
  lazy_teardown(cli.clean)

  it("fails where a value is beyond what its type holds", function()
    cli.write(path("p.lua"), 'policy "P" { currency = "CNY" }\ninputs { clv = money }\n'
      .. 'tiers "card" { { "gold", when = "has(clv)" }, { "none" } }\n'
      .. 'test "big" { customer = { clv = 1e300 }, gives = { tier = "none" } }\n')
    local run = cli.run({ "test", "p.lua" })
    assert.equal(1, run.status)
    assert.matches("p.lua:4:27: `clv` takes an amount", run.out)
  end)
end)
