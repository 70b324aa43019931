-- What a hostile file, name or caller could make of the program: it must neither lose data nor pass
-- anything to the terminal but text.
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

local function path(name)
  return cli.folder() .. "/" .. name
end

local function shell(command)
  assert(os.execute("cd '" .. cli.folder() .. "' && " .. command))
end

-- The samples as copies, which a run may harm.
local function copy_samples()
  shell("rm samples policies && cp -rL '" .. lfs.currentdir() .. "'/samples '"
    .. lfs.currentdir() .. "'/policies .")
end

local function refused(run, status, ...)
  assert.equal(status, run.status, run.out .. run.err)
  for _, text in ipairs({ ... }) do
    assert.is_truthy(run.err:find(text, 1, true), "no '" .. text .. "' in: " .. run.err)
  end
end

describe("an output", function()
  after_each(cli.clean)

  it("is never a file of the data, by whatever name", function()
    copy_samples()
    shell("ln samples/bank/events.csv hard.csv; ln -s samples/bank/events.csv soft.csv")
    local names = { "samples/bank/customers.csv", "./samples/../samples/bank/events.csv",
      "hard.csv", "soft.csv" }
    for _, name in ipairs(names) do
      local before = cli.read(path(name))
      for _, option in ipairs({ "-o", "--candidates", "--rejects" }) do
        refused(cli.run(with(option, name)), 2, name, "data itself")
        assert.equal(before, cli.read(path(name)))
      end
    end
    refused(cli.run({ "measure", "samples/bank", "-o", names[1] }), 2, names[1])
    local before = cli.read(path("samples/bank/dataset.json"))
    refused(cli.run(with("-o", "samples/bank/dataset.json")), 2, "data itself")
    refused(cli.run({ "profile", "samples/bank", "-o", "samples/bank/dataset.json" }), 2,
      "data itself")
    assert.equal(before, cli.read(path("samples/bank/dataset.json")))
  end)

  it("has no manifest that is a file of the data, or another output", function()
    copy_samples()
    shell("mv samples/bank/events.csv samples/bank/d.csv.manifest.json && "
      .. "sed -i s/events.csv/d.csv.manifest.json/ samples/bank/dataset.json")
    refused(cli.run(with("-o", "samples/bank/d.csv")), 2, "d.csv.manifest.json")
    refused(cli.run(with("-o", "x.json", "--candidates", "x.json.manifest.json")), 2,
      "x.json.manifest.json")
    assert.is_nil(cli.read(path("x.json")))
  end)

  it("is not what the run was told to read", function()
    copy_samples()
    cli.write(path("t.csv"), "customer,date,amount\n1,1998-02-28,3\n")
    refused(cli.run(with("--rejects", "policies/card-retention.lua")), 2, "is read")
    refused(cli.run({ "profile", "t.csv", "-o", "t.csv" }), 2, "is read")
  end)

  it("is written by one option only", function()
    refused(cli.run(with("-o", "x.csv", "--candidates", "./x.csv")), 2, "--candidates ./x.csv")
    refused(cli.run(with("-o", "x.csv", "--rejects", "./x.csv")), 2, "--rejects")
    assert.is_nil(cli.read(path("x.csv")))
    local run = cli.run(with("-o", "/dev/null", "--candidates", "/dev/null"))
    assert.equal(0, run.status, run.err)
  end)

  it("keeps the permissions of the file that it replaces, and a link to it", function()
    cli.write(path("real.csv"), "old\n")
    shell("chmod 600 real.csv; ln -s real.csv link.csv")
    assert.equal(0, cli.run(with("-o", "link.csv")).status)
    assert.equal("link", lfs.symlinkattributes(path("link.csv"), "mode"))
    assert.equal("rw-------", lfs.attributes(path("real.csv"), "permissions"))
    assert.is_truthy(cli.read(path("real.csv")):find("^customer,tier,"))
  end)

  it("leaves nothing behind when the program is killed in the middle", function()
    shell("mkfifo wait.csv") -- which nobody reads: the program stops there
    local run = cli.run(with("-o", "x.csv", "--candidates", "wait.csv"), { limit = 1 })
    assert.equal(124, run.status)
    for name in lfs.dir(cli.folder()) do
      assert.is_nil(name:find("^x%.csv"), name)
    end
  end)

  it("on standard output is not mixed with the summary", function()
    local rows = cli.run(score).out
    for _, name in ipairs({ "-", "/dev/stdout" }) do
      assert.equal(rows, cli.run(with("-o", name)).out)
      assert.equal(rows, cli.run(with("-o", name), { pipe = "cat" }).out)
    end
    assert.equal("link", lfs.symlinkattributes("/dev/stdout", "mode"))
  end)

  it("is not what the caller closed", function()
    local rows = cli.run(score).out
    for _, closed in ipairs({ ">&-", "2>&-", "<&-", ">&- 2>&- <&-" }) do
      os.remove(path("x.csv"))
      shell("('" .. cli.program .. "' " .. table.concat(with("-o", "x.csv"), " ")
        .. " >/dev/null 2>&1 " .. closed .. "; true)")
      assert.equal(rows, cli.read(path("x.csv")))
    end
  end)
end)

describe("a pipe", function()
  after_each(cli.clean)

  it("is no input, and not waited for", function()
    shell("mkfifo p.csv p.lua; mkdir d; mkfifo d/dataset.json")
    refused(cli.run({ "profile", "p.csv" }, { limit = 5 }), 1, "p.csv: is no regular file")
    refused(cli.run({ "check", "p.lua" }, { limit = 5 }), 1, "p.lua: is no regular file")
    refused(cli.run({ "profile", "d" }, { limit = 5 }), 1, "dataset.json: is no regular file")
  end)
end)

describe("a rejected row", function()
  after_each(cli.clean)

  it("is no formula in the rejects file", function()
    cli.write(path("=t.csv"), "customer,date,amount\n1,1998-02-28,3\n=1+1,1998-02-28,\n"
      .. "@a,1998-02-30,3\nb,1998-02-30,3\n")
    cli.run({ "profile", "=t.csv", "--rejects", "r.csv" })
    assert.equal('place,reason,row\n'
      .. '"\'=t.csv:3:17","empty field","\'=1+1,1998-02-28,"\n'
      .. '"\'=t.csv:4:4","no such date","\'@a,1998-02-30,3"\n'
      .. '"\'=t.csv:5:3","no such date","b,1998-02-30,3"\n', cli.read(path("r.csv")))
  end)
end)

describe("a text of the data", function()
  after_each(cli.clean)

  it("is no formula in any output, whatever it begins with", function()
    cli.write(path("t.csv"), "customer,date,amount\n=1,1998-02-28,3\n+1,1998-02-28,3\n"
      .. "-1,1998-02-28,3\n@a,1998-02-28,3\n\"\n=a\",1998-02-28,3\n")
    cli.run({ "measure", "t.csv", "--metrics", "orders", "-o", "m.csv" })
    assert.equal('customer,orders\n"\'\n=a",1\n"\'+1",1\n"\'-1",1\n"\'=1",1\n"\'@a",1\n',
      cli.read(path("m.csv")))
  end)
end)

describe("control characters", function()
  after_each(cli.clean)

  local hostile = "\27[2Jx\27]0;title\7y\u{9b}31mz\127\b"

  local function harmless(run, shown)
    local said = run.out .. run.err
    assert.is_nil(said:find("[\0-\8\11-\31\127]"), said)
    assert.is_nil(said:find("\u{9b}", 1, true), said)
    assert.is_truthy(said:find(shown or "?[2Jx?]0;title?y?31mz??", 1, true), said)
  end

  it("of files' headers, values and names reach no terminal", function()
    cli.write(path("t.csv"), "customer,date,amount," .. hostile .. "\n" .. hostile
      .. ",1998-02-28,3," .. hostile .. "\n")
    harmless(cli.run({ "profile", "t.csv" }))
    cli.write(path("u.csv"), hostile .. ",b\n1,2\n")
    harmless(cli.run({ "profile", "u.csv" }))
    cli.write(path("v\27[2J.csv"), "customer,date,amount\n1,x,3\n")
    harmless(cli.run({ "profile", "v\27[2J.csv" }), "v?[2J.csv")
    cli.write(path("d.json"), '{"\\u001b[2J\\u009b1m": 1}')
    harmless(cli.run({ "profile", "d.json" }), "?[2J?1m")
  end)

  it("of the command line and of policies reach no terminal", function()
    harmless(cli.run({ hostile }))
    harmless(cli.run({ "score", "--" .. hostile }))
    cli.write(path("p.lua"), 'error("' .. hostile .. '", 0)')
    harmless(cli.run({ "check", "p.lua" }))
  end)

  it("are escaped in JSON", function()
    cli.write(path("t.csv"), "customer,date,amount,a\u{9b}31m\n1,1998-02-28,3,x\n")
    local run = cli.run({ "profile", "t.csv", "--json" })
    assert.is_truthy(run.out:find("a\\u009b31m", 1, true), run.out)
  end)
end)

describe("a dictionary", function()
  after_each(cli.clean)

  -- Ids of 15 pairs of words; each pair has two forms that lead a multiplicative hash with the
  -- usual constant, the golden ratio, from one state to one state: 2 ^ 15 ids with one hash.
  local function colliding()
    local golden, state, forms = 0x9e3779b97f4a7c15, 0, {}
    local function step(key, word)
      key = (key ~ word) * golden
      return key ~ (key >> 32)
    end
    local function word_of(text)
      return (("<i8"):unpack(text))
    end
    for stage = 1, 15 do
      local pair, target = {}, nil
      for i = 10000000, 99999999 do
        local first = tostring(i)
        local middle = step(state, word_of(first))
        target = target or middle ~ word_of("abcdefgh")
        local second = ("<i8"):pack(middle ~ target)
        if second:find("^[#-+%-0-~]*$") then
          pair[#pair + 1] = first .. second
        end
        if #pair == 2 then
          break
        end
      end
      forms[stage], state = pair, step(target, 0)
    end
    return forms
  end

  -- Of the processor, by all programs that ran: what else the machine does makes no difference.
  local function computed()
    local file = io.open("/proc/self/stat")
    local user, system = file:read("a"):match("%)" .. (" %S+"):rep(13) .. " (%d+) (%d+)")
    file:close()
    return (user + system) / 100
  end

  local function seconds(forms)
    local lines = { "customer,date,amount" }
    for i = 0, 2 ^ 15 - 1 do
      local id = {}
      for stage = 1, #forms do
        id[stage] = forms[stage][(i >> (stage - 1) & 1) + 1]
      end
      lines[#lines + 1] = table.concat(id) .. ",1998-02-28,1"
    end
    cli.write(path("t.csv"), table.concat(lines, "\n") .. "\n")
    local start = computed()
    local run = cli.run({ "measure", "t.csv", "--metrics", "orders", "-o", "m.csv" })
    assert.equal(0, run.status, run.err)
    return computed() - start
  end

  it("does not slow down for ids that were made to collide", function()
    local plain = {}
    for stage = 1, 15 do
      local number = ("%02d"):format(stage)
      plain[stage] = { ("a"):rep(14) .. number, ("b"):rep(14) .. number }
    end
    assert.is_true(seconds(colliding()) < 4 * seconds(plain) + 1)
  end)
end)
