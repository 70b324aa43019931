-- What `patron generate` promises of its files: the same bytes from the same seed, prefixes, tables
-- that load and policies that run, and nothing half-made.
local cli = require("cli")
local lfs = require("lfs")
local made = require("generate.made")

local kinds = { "bank", "retail" }

local function path(name)
  return cli.folder() .. "/" .. name
end

local function names(folder)
  local list = {}
  for name in lfs.dir(folder) do
    if name ~= "." and name ~= ".." then
      list[#list + 1] = name
    end
  end
  table.sort(list)
  return list
end

local function files(folder)
  local all = {}
  for _, name in ipairs(names(folder)) do
    all[name] = cli.read(folder .. "/" .. name)
  end
  return all
end

local function says(run, status, ...)
  assert.equal(status, run.status, run.err)
  for _, text in ipairs({ ... }) do
    assert.is_truthy(run.err:find(text, 1, true), "no '" .. text .. "' in: " .. run.err)
  end
end

for _, kind in ipairs(kinds) do
  describe("a generated base of kind " .. kind, function()
    after_each(cli.clean)

    it("is the same on any number of threads, and another with another seed", function()
      local one = files(made.make(kind, 2500, "one", "--seed", "5", "--threads", "1"))
      for _, threads in ipairs({ 2, 4 }) do
        local other = files(made.make(kind, 2500, "on" .. threads, "--seed", "5", "--threads",
          threads))
        assert.same(one, other)
      end
      local other = files(made.make(kind, 2500, "other", "--seed", "6"))
      for name, text in pairs(one) do
        if name ~= "dataset.json" and name ~= "products.csv" then
          assert.is_true(text ~= other[name], name .. " is the same with another seed")
        end
      end
    end)

    -- 17,003 customers take a second wave of blocks, and end inside a household.
    it("begins with any smaller one of its seed", function()
      local all = files(made.make(kind, 17003, "all"))
      for _, n in ipairs({ 1, 2, 515, 16385 }) do
        for name, text in pairs(files(made.make(kind, n, "part" .. n))) do
          if name:find("%.csv$") then
            assert.equal(text, all[name]:sub(1, #text), name .. " of " .. n)
          end
        end
      end
    end)

    it("loads without a rejected row, as its dataset.json says", function()
      made.make(kind, 3000, "base")
      local run = cli.run({ "profile", "base" })
      assert.equal(0, run.status, run.err)
      assert.equal("", run.err)
      local tables = 0
      for read, accepted, rejected in run.out:gmatch("(%d+) rows? read, (%d+) accepted, (%d+)") do
        assert.equal(read, accepted)
        assert.equal("0", rejected)
        tables = tables + 1
      end
      assert.equal(#names(path("base")) - 3, tables) -- dataset.json, truth.json, truth.csv
      assert.is_nil(run.out:find("truth", 1, true))
      assert.is_nil(run.out:find("taken instead of the metric", 1, true))
    end)

    it("loads without its dataset.json, too", function()
      made.make(kind, 300, "base")
      os.remove(path("base/dataset.json"))
      os.remove(path("base/truth.csv"))
      local run = cli.run({ "measure", "base", "--metrics", "orders,spend,margin,tenure_days,rfm" })
      assert.equal(0, run.status, run.err)
    end)

    it("of one customer is whole", function()
      made.make(kind, 1, "base")
      local run = cli.run({ "measure", "base", "--metrics", "orders" })
      assert.equal(0, run.status, run.err)
      assert.matches("^customer,orders\nC0000001,%d+\n$", run.out)
    end)

    it("says how many rows it has", function()
      local run = cli.run({ "generate", kind, "--customers", "700", "-o", "base", "--json" })
      assert.equal(0, run.status, run.err)
      for name, rows, bytes in run.out:gmatch('"name":"(%w+)","rows":(%d+),"bytes":(%d+)') do
        local text = cli.read(path("base/" .. name .. ".csv"))
        assert.equal(tonumber(bytes), #text, name)
        assert.equal(tonumber(rows) + 1, select(2, text:gsub("\n", "")), name)
      end
    end)
  end)
end

describe("the stock policies", function()
  lazy_setup(function()
    made.make("bank", 20000, "bank")
    made.make("retail", 5000, "retail")
  end)
  lazy_teardown(cli.clean)

  -- Every campaign finds somebody: a base on which a policy never acts tries nothing.
  local function acts(base, policy, campaigns)
    local run = cli.run({ "score", base, "policies/" .. policy })
    assert.equal(0, run.status, run.err)
    for _, campaign in ipairs(campaigns) do
      assert.is_truthy(run.out:find("," .. campaign .. ",", 1, true), policy .. ": " .. campaign)
    end
  end

  it("act on them", function()
    acts("bank", "card-retention.lua", { "waive the fee", "put it right", "lift", "let go" })
    acts("bank", "churn-warning.lua", { "call", "reminder" })
    acts("retail", "rfm.lua", { "thank you", "come back", "second order" })
    acts("retail", "churn-warning.lua", { "call", "reminder" })
  end)

  it("have metrics to go by", function()
    for _, base in ipairs({ "bank", "retail" }) do
      local run = cli.run({ "measure", base, "--metrics",
        "orders,spend,margin,mean_order_value,recency_days,tenure_months,rf_ratio,rfm_segment,"
          .. "abc_class" })
      assert.equal(0, run.status, run.err)
    end
  end)
end)

describe("patron generate", function()
  after_each(cli.clean)

  it("refuses what cannot be, with what to say instead", function()
    says(cli.run({ "generate", "bank" }), 2, "-o FOLDER")
    says(cli.run({ "generate", "bnk", "-o", "b" }), 2, "'bank'")
    says(cli.run({ "generate", "telco", "-o", "b" }), 2, "bank or retail")
    for _, n in ipairs({ "0", "-1", "1000000001", "9223372036854775807" }) do
      says(cli.run({ "generate", "bank", "--customers", n, "-o", "b" }), 2,
        "1 to 1000000000 customers, not " .. n)
    end
    for _, n in ipairs({ "many", "", "1e6", "1.5", "9223372036854775808" }) do
      says(cli.run({ "generate", "bank", "--customers", n, "-o", "b" }), 2, "--customers")
      says(cli.run({ "generate", "bank", "--seed", n, "-o", "b" }), 2, "--seed")
    end
    says(cli.run({ "generate", "bank", "--seed", "-1", "-o", "b" }), 2, "--seed")
    assert.same({ "policies", "samples" }, names(cli.folder()))
  end)

  it("takes a new or an empty folder, and touches no other", function()
    assert(lfs.mkdir(path("empty")))
    made.make("bank", 5, "empty/")
    assert.is_truthy(cli.read(path("empty/dataset.json")))
    says(cli.run({ "generate", "bank", "--customers", 5, "-o", "empty" }), 1, "empty",
      "is there already")
    cli.write(path("file"), "mine\n")
    says(cli.run({ "generate", "bank", "--customers", 5, "-o", "file" }), 1, "is there already")
    assert.equal("mine\n", cli.read(path("file")))
    assert(lfs.mkdir(path("full")))
    cli.write(path("full/mine"), "mine\n")
    says(cli.run({ "generate", "bank", "--customers", 5, "-o", "full" }), 1, "is there already")
    assert.same({ "mine" }, names(path("full")))
    assert(lfs.mkdir(path("bare")) and lfs.link("bare", path("link"), true))
    says(cli.run({ "generate", "bank", "--customers", 5, "-o", "link" }), 1, "is there already")
    says(cli.run({ "generate", "bank", "--customers", 5, "-o", "no/such" }), 1, "no/such",
      "make the folder above it first")
    assert.same({ "bare", "empty", "file", "full", "link", "policies", "samples" },
      names(cli.folder()))
  end)

  it("refuses more than the disk holds, with the bytes", function()
    local run = cli.run({ "generate", "bank", "--customers", "1000000000", "-o", "b" })
    says(run, 1, "1000000000 customers take about", "GB are free")
    local gigabytes = tonumber(run.err:match("about ([%d.]+) GB"))
    assert.is_true(gigabytes > 500 and gigabytes < 3000, run.err)
    assert.same({ "policies", "samples" }, names(cli.folder()))
  end)

  -- A file size limit stands in for a full disk.
  it("leaves nothing half-made when the disk is full", function()
    cli.folder()
    for _, blocks in ipairs({ 1, 100, 2000 }) do
      local ok, _, status = os.execute(("cd '%s' && trap '' XFSZ && ulimit -f %d && '%s' generate "
        .. "bank --customers 3000 -o b 2>said"):format(cli.folder(), blocks, cli.program))
      assert.is_nil(ok)
      assert.equal(3, status)
      assert.is_truthy(cli.read(path("said")):find("File too large", 1, true))
      os.remove(path("said"))
      assert.same({ "policies", "samples" }, names(cli.folder()))
    end
  end)

  it("leaves nothing half-made when it is interrupted", function()
    cli.folder()
    -- once: without --foreground the process would get it as one of its group, too
    os.execute(("cd '%s' && timeout --foreground -s INT 0.5 '%s' generate bank "
      .. "--customers 9000000 -o b 2>said"):format(cli.folder(), cli.program))
    assert.is_truthy(cli.read(path("said")):find("nothing was written", 1, true))
    os.remove(path("said"))
    assert.same({ "policies", "samples" }, names(cli.folder()))
  end)

  it("needs little memory", function()
    if (os.getenv("PATRON_BUILD") or ""):find("sanitize") then
      pending("the sanitizers need more than the program")
      return
    end
    local ok = os.execute(("cd '%s' && ulimit -v 200000 && '%s' generate bank --customers 60000 "
      .. "--threads 2 -o b >said 2>&1"):format(cli.folder(), cli.program))
    assert.is_true(ok, cli.read(path("said")))
  end)
end)
