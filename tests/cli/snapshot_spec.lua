-- A snapshot in the place of a folder: the same answers, and what no snapshot can give is said.
local cli = require("cli")

local function path(name)
  return cli.folder() .. "/" .. name
end

local function ran(arguments, options)
  local run = cli.run(arguments, options)
  assert.equal(0, run.status, run.command .. "\n" .. run.err)
  return run
end

local function said(run, status, text)
  assert.equal(status, run.status, run.err)
  assert.is_truthy(run.err:find(text, 1, true), run.err)
end

-- The manifest without what is the run's own.
local function manifest(name)
  return cli.read(path(name .. ".manifest.json"))
end

-- Of 40 customers: each verb has something to say, and some rows are wrong or late.
local function write_shop()
  local rows = { "customer,date,amount,channel,remark" }
  for i = 1, 40 do
    for k = 0, i % 7 do
      rows[#rows + 1] = ("K%02d,2024-%02d-%02d,%d.50,%s,%s"):format(i * 37 % 41,
        (i + 3 * k) % 12 + 1, (i * k) % 28 + 1, i * 13 % 97 + 5, i % 3 == 0 and "web" or "store",
        k == 2 and "odd" or "")
    end
  end
  cli.write(path("shop.csv"), table.concat(rows, "\n") .. "\n")
end

describe("a snapshot", function()
  after_each(cli.clean)

  it("gives every verb what the folder does", function()
    ran { "pack", "samples/bank", "-o", "bank.patron" }
    for _, words in ipairs({
      { "score", "DATA", "policies/card-retention.lua", "--candidates", "c.csv", "-o", "o.csv" },
      { "score", "DATA", "policies/rfm.lua", "-o", "o.csv", "--metrics", "abc_class,recency_days" },
      { "score", "DATA", "policies/card-retention.lua", "--json" },
      { "measure", "DATA" },
      { "measure", "DATA", "policies/card-retention.lua", "--metrics", "uses_3m" },
      { "explain", "DATA", "policies/card-retention.lua", "C006" },
      { "explain", "DATA", "policies/rfm.lua", "C001", "--json" },
      { "profile", "DATA" },
      { "profile", "DATA", "-o", "o.csv" },
      { "check", "policies/card-retention.lua", "DATA" },
      { "fit", "DATA", "-o", "o.csv" },
    }) do
      local outputs = {}
      for i, data in ipairs({ "samples/bank", "bank.patron" }) do
        local list = {}
        for k, word in ipairs(words) do
          list[k] = word == "DATA" and data or word
        end
        local run = cli.run(list)
        outputs[i] = { run.status, run.out, cli.read(path("o.csv")), cli.read(path("c.csv")),
          manifest("o.csv") }
        os.execute("cd '" .. cli.folder() .. "' && rm -f o.csv c.csv o.csv.manifest.json")
      end
      assert.same(outputs[1], outputs[2])
      assert.equal(0, outputs[1][1], table.concat(words, " "))
    end
  end)

  it("is the same bytes when packed again, by any number of threads", function()
    write_shop()
    ran { "pack", "shop.csv", "-o", "one.patron", "--threads", "1" }
    ran { "pack", "shop.csv", "-o", "two.patron", "--threads", "2" }
    ran { "pack", "one.patron", "-o", "again.patron" }
    assert.equal(cli.read(path("one.patron")), cli.read(path("two.patron")))
    assert.equal(cli.read(path("one.patron")), cli.read(path("again.patron")))
    local out = ran({ "pack", "one.patron", "-o", "-" }).out
    assert.equal(cli.read(path("one.patron")), out)
  end)

  it("counts what was left out of it", function()
    write_shop()
    local text = cli.read(path("shop.csv"))
    cli.write(path("shop.csv"), text .. "K01,2024-13-01,3,web,\nK02,2024-12-30,3,web,\n")
    local pack = cli.run({ "pack", "shop.csv", "-o", "s.patron", "--as-of", "2024-12-29" })
    assert.equal(4, pack.status, pack.err)
    local run = cli.run({ "score", "s.patron", "policies/rfm.lua", "-o", "o.csv" })
    said(run, 4, "1 of ")
    said(run, 4, "they were left out when it was packed")
    assert.is_truthy(manifest("o.csv"):find('"rejected":1}', 1, true))
    local folder = cli.run({ "score", "shop.csv", "policies/rfm.lua", "-o", "p.csv", "--as-of",
      "2024-12-29" })
    assert.equal(4, folder.status)
    assert.equal(cli.read(path("o.csv")), cli.read(path("p.csv")))
    assert.equal(manifest("o.csv"), (manifest("p.csv"):gsub('"p.csv"', '"o.csv"')))
    said(cli.run({ "profile", "s.patron", "--strict" }), 1, "was packed without 1 rows of shop.csv")
    said(cli.run({ "profile", "s.patron", "--rejects", "r.csv" }), 2, "holds no rejected rows")
    said(cli.run({ "profile", "s.patron", "--as-of", "2024-12-30" }), 1,
      "rows after that day are not in it: `patron pack` the data with --as-of 2024-12-30")
  end)

  it("may be judged for a later day if nothing stood there, never for an earlier one", function()
    write_shop()
    ran { "pack", "shop.csv", "-o", "s.patron" }
    local arguments = { "measure", "DATA", "--as-of", "2025-02-01" }
    local outputs = {}
    for i, data in ipairs({ "shop.csv", "s.patron" }) do
      arguments[2] = data
      outputs[i] = ran(arguments).out
    end
    assert.equal(outputs[1], outputs[2])
    said(cli.run({ "measure", "s.patron", "--as-of", "2024-06-30" }), 1,
      "its later rows cannot be told apart: `patron pack` the data with --as-of 2024-06-30")
    said(cli.run({ "measure", "s.patron", "--as-of", "soon" }), 2, "this is no day")
  end)

  it("is never written over while it is read", function()
    ran { "pack", "samples/bank", "-o", "bank.patron" }
    said(cli.run({ "pack", "bank.patron", "-o", "bank.patron" }), 2, "this file is read")
    said(cli.run({ "pack", "samples/bank" }), 2, "say where to write: -o FILE")
  end)

  it("stops the run when it is cut meanwhile, and goes on when it is replaced", function()
    local rows = { "customer,date,amount,remark" }
    for i = 1, 20000 do
      rows[#rows + 1] = ("%d,2024-01-%02d,%d,%s"):format(i, i % 28 + 1, i, ("x"):rep(40))
    end
    cli.write(path("big.csv"), table.concat(rows, "\n") .. "\n")
    ran { "pack", "big.csv", "-o", "big.patron" }
    local before = cli.read(path("big.patron"))
    local run = cli.run({ "pack", "big.patron", "-o", "-" }, {
      pipe = "{ head -c 1; mv big.csv big.patron; cat; }",
    })
    assert.equal(0, run.status, run.err)
    assert.is_true(run.out == before)

    cli.write(path("big.patron"), before)
    run = cli.run({ "pack", "big.patron", "-o", "-" }, {
      pipe = "{ head -c 1; truncate -s 4096 big.patron; cat; }",
    })
    said(run, 3, "a file was cut while it was read")
    assert.is_true(#run.out < #before)
  end)

  it("is refused by the program wherever it is harmed", function()
    ran { "pack", "samples/bank", "-o", "bank.patron" }
    local whole = cli.read(path("bank.patron"))
    local score = { "score", "harmed.patron", "policies/rfm.lua" }
    cli.write(path("harmed.patron"), whole)
    local good = ran(score).out
    local refused = 0
    math.randomseed(5)
    for i = 1, 60 do
      local at = i <= 20 and math.random(8, 240) or math.random(0, #whole - 1)
      os.remove(path("harmed.patron"))
      cli.write(path("harmed.patron"), i % 5 == 0 and whole:sub(1, at) or whole:sub(1, at)
        .. string.char(whole:byte(at + 1) ~ (1 << i % 8)) .. whole:sub(at + 2))
      local run = cli.run(score)
      if run.status == 0 then
        assert.equal(good, run.out)
      else
        said(run, 1, "harmed.patron: ")
        assert.equal("", run.out)
        refused = refused + 1
      end
    end
    assert.is_true(refused > 20)
  end)

  it("is refused, too, where only the history of who stays is harmed", function()
    local rows = { "customer,opened,left" }
    for i = 1, 100 do
      rows[i + 1] = ("K%03d,2021-05-06,%s"):format(i, i % 10 == 0 and "2024-03-0" .. i // 10 % 9 + 1
        or "")
    end
    cli.write(path("gone.csv"), table.concat(rows, "\n") .. "\n")
    cli.write(path("p.lua"), 'campaign "keep" { when = "true", offer = gift "a mug", cost = 1, '
      .. 'value = 100, effect = { retention = 0.05, sd = 0.01 } }\n')
    ran { "pack", "gone.csv", "-o", "gone.patron", "--as-of", "2024-12-31" }
    local simulate = { "simulate", "gone.patron", "p.lua" }
    assert.is_truthy(ran(simulate).out:find("of 100 customers did not leave", 1, true))
    local whole = cli.read(path("gone.patron"))
    local function harm(day) -- the first that is written so, days since 1970
      local at = assert(whole:find(("<i4"):pack(day), 1, true))
      os.remove(path("gone.patron"))
      cli.write(path("gone.patron"), whole:sub(1, at) .. "\x7f" .. whole:sub(at + 2))
      said(cli.run(simulate), 1, "gone.patron: ")
    end
    harm(19784) -- 2024-03-02
    harm(18753) -- 2021-05-06
  end)
end)
