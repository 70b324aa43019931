-- Call sheets, as `patron score --playbooks` writes them.
local cli = require("cli")
local lfs = require("lfs")

local header = "customer,name,fee,due,owner,score,ok\n"

local function data(rows)
  local folder = cli.folder() .. "/data"
  os.execute("mkdir -p '" .. folder .. "'")
  cli.write(folder .. "/customers.csv", header .. rows)
  cli.write(folder .. "/dataset.json", [[
    { "name": "t", "as_of": "2025-06-30", "currency": "EUR", "tables": { "customers": {
      "file": "customers.csv", "columns": { "customer": "label", "name": "text", "fee": "money",
      "due": "date", "owner": "label", "score": "number", "ok": "flag" } } } }]])
end

local function score(policy, ...)
  cli.write(cli.folder() .. "/p.lua", 'policy "Fees" { currency = "EUR" }\n' .. policy)
  return cli.run({ "score", "data", "p.lua", "-o", "rows.csv", ... })
end

local function sheets(policy, ...)
  os.execute("rm -rf '" .. cli.folder() .. "/sheets'")
  return score(policy, "--playbooks", "sheets", ...)
end

local function sheet(name)
  return cli.read(cli.folder() .. "/sheets/" .. name)
end

local function names(folder)
  local list = {}
  for name in lfs.dir(cli.folder() .. "/" .. folder) do
    if name:sub(1, 1) ~= "." then
      list[#list + 1] = name
    end
  end
  table.sort(list)
  return list
end

local call = [[
  playbook "fee" { title = "Fee of {name}", owner = "owner", text = [==[%s]==] }
  campaign "waive" { goal = "keep them", when = "ok", offer = gift "a card", value = "score",
    channel = { "phone", "sms" }, playbook = "fee" }
]]

local function text_of(text, rows)
  data(rows)
  local run = sheets((call:gsub("%%s", (text:gsub("%%", "%%%%")))))
  assert.is_true(run.status == 0 or run.status == 4, run.err)
  return run
end

describe("call sheets", function()
  after_each(cli.clean)

  it("stand in a file for each channel and owner, the best net first", function()
    local run = text_of("Dear {name}",
      "a,Ann,1,2025-07-01,Li,10,true\nb,Bob,1,2025-07-01,Li,30,true\n"
      .. "c,Cy,1,2025-07-01,Wu,20,true\nd,Di,1,2025-07-01,Li,30,true\n"
      .. "e,Ed,1,2025-07-01,Li,9,false\n")
    assert.same({ "phone-Li.txt", "phone-Wu.txt" }, names("sheets"))
    assert.equal([[
phone, Li: 3 call sheets of 2025-06-30, "Fees"

--- 1 of 3: Fee of Bob
customer  b
campaign  waive
reason    keep them
offer     gift a card

    Dear Bob

--- 2 of 3: Fee of Di
customer  d
campaign  waive
reason    keep them
offer     gift a card

    Dear Di

--- 3 of 3: Fee of Ann
customer  a
campaign  waive
reason    keep them
offer     gift a card

    Dear Ann
]], sheet("phone-Li.txt"))
    assert.is_truthy(run.out:find("\n  call sheets: 4 in 2 files in sheets\n", 1, true), run.out)
  end)

  it("show values as people read them", function()
    text_of("{fee}|{2 * fee}|{due}|{due + days(1)}|{due - today}|{score}|{score / 3}|{ok}"
      .. "|{customer}|{1e300 * score}|{campaign}|{goal}|{offer}|{channel}|{owner}|{{{name}}}"
      .. "|{'{name}'}",
      "7,Ann {fee},1234.5,2025-07-01,Li,10,true\n")
    assert.is_truthy(sheet("phone-Li.txt"):find("\n    1234.50|2469.00|2025-07-01|2025-07-02|1|10"
      .. "|3.3333|yes|7|1e+301|waive|keep them|a card|phone|Li|{Ann {fee}}|{name}\n", 1, true),
      sheet("phone-Li.txt"))
  end)

  it("say what is missing, and count it", function()
    local run = text_of("{name}, {fee} in {due - today}; {default(fee, 0)} {owner}",
      "a,,,,,1,true\nb,Bob,3,,Li,1,true\n")
    assert.is_truthy(sheet("phone.txt"):find('^phone: 1 call sheet of 2025%-06%-30, "Fees"\n\n'
      .. "%-%-%- 1 of 1: Fee of %[name: not known%]\n"))
    assert.is_truthy(sheet("phone.txt"):find("\n    [name: not known], [fee: not known] in "
      .. "[due: not known]; 0.00 [owner: not known]\n", 1, true), sheet("phone.txt"))
    assert.is_truthy(sheet("phone-Li.txt"):find("\n    Bob, 3.00 in [due: not known]; 3.00 Li\n", 1,
      true))
    assert.is_truthy(run.out:find("\n  call sheets: 2 in 2 files in sheets; the owner of 1 is not "
      .. "known; not known: name 2, fee 1, due 2, owner 1, in 2 sheets\n", 1, true), run.out)
    assert.equal(0, run.status)
  end)

  it("say what failed, which makes the run partial", function()
    local run = text_of("{name}: {1 / (score - 2)} {due + days(99999999)} {1e300 * fee}",
      "a,Ann,1,2025-07-01,Li,2,true\n")
    assert.is_truthy(sheet("phone-Li.txt"):find("\n    Ann: [1 / (score - 2): failed] "
      .. "[due + days(99999999): failed] [1e300 * fee: failed]\n", 1, true), sheet("phone-Li.txt"))
    assert.equal(4, run.status)
    assert.is_truthy(run.out:find("; failed: 1 / (score - 2) 1, due + days(99999999) 1, "
      .. "1e300 * fee 1, in 1 sheet\n", 1, true), run.out)
  end)

  it("cannot be broken by what stands in the data", function()
    local evil = '"x\n--- 2 of 2: Fee of Mallory\ncustomer  z\r\v\fy\27[2J\u{2028}a\u{85}b'
      .. '\u{202E}c\u{9b}"'
    text_of("Dear\n{name}\nbye", "a," .. evil .. ",1,,Li,1,true\n")
    local text = sheet("phone-Li.txt")
    local shown = "x --- 2 of 2: Fee of Mallory customer  z   y?[2J a b?c?"
    assert.equal('phone, Li: 1 call sheet of 2025-06-30, "Fees"\n\n--- 1 of 1: Fee of ' .. shown
      .. "\ncustomer  a\ncampaign  waive\nreason    keep them\noffer     gift a card\n\n"
      .. "    Dear\n    " .. shown .. "\n    bye\n", text)
    local _, heads = ("\n" .. text):gsub("\n%-%-%- ", "")
    assert.equal(1, heads)
  end)

  it("have names that stay in the folder, each its own", function()
    data("a,A,1,,../../etc/x,1,true\nb,B,1,,.. etc x,1,true\nc,C,1,,...,1,true\nd,D,1,,,1,true\n"
      .. "e,E,1,,李 经理,1,true\nf,F,1,," .. ("长"):rep(50) .. ",1,true\n")
    local run = sheets((call:gsub("%%s", "{name}")))
    assert.equal(0, run.status, run.err)
    assert.same({ "phone-2.txt", "phone-etc-x-2.txt", "phone-etc-x.txt", "phone-李-经理.txt",
      "phone-" .. ("长"):rep(20) .. ".txt", "phone.txt" }, names("sheets"))
  end)

  it("are not for controls, and not for campaigns without a playbook", function()
    local rows = {}
    for i = 1, 60 do
      rows[i] = ("c%d,N%d,1,,Li,%d,%s\n"):format(i, i, i, i <= 40 and "true" or "false")
    end
    data(table.concat(rows))
    local run = sheets([[
      playbook "fee" { text = "{name}" }
      campaign "waive" { when = "ok", offer = gift "a card", value = "score", holdout = 0.5,
        channel = "phone", playbook = { phone = "fee" } }
      campaign "other" { when = "not ok", offer = gift "a card", channel = "sms" }
    ]])
    local decided = cli.read(cli.folder() .. "/rows.csv")
    local _, granted = decided:gsub(",phone,", "")
    local _, written = sheet("phone.txt"):gsub("\n%-%-%- ", "")
    assert.is_true(granted > 5 and granted < 35)
    assert.equal(granted, written)
    assert.is_nil(sheet("phone.txt"):find("\nreason ")) -- without a goal there is none to say
    for id in decided:gmatch("\n(c%d+),[^\n]*holdout") do
      assert.is_nil(sheet("phone.txt"):find("\ncustomer  " .. id .. "\n"))
    end
    assert.is_truthy(run.out:find("; 20 granted without a playbook\n", 1, true), run.out)
  end)

  it("differ by channel where the playbooks do", function()
    data("a,Ann,1,,Li,1,true\n")
    sheets([[
      playbook "talk" { text = "talk to {name}" }
      playbook "write" { text = "write to {name}" }
      campaign "waive" { when = "ok", offer = gift "a card", channel = { "sms", "phone" },
        playbook = { phone = "talk", sms = "write" } }
    ]])
    assert.same({ "sms.txt" }, names("sheets"))
    assert.is_truthy(sheet("sms.txt"):find("write to Ann", 1, true))
  end)

  it("are the same for any number of threads and order of rows", function()
    local rows = {}
    for i = 1, 5000 do
      rows[i] = ("c%d,N%d,1,,O%d,%d,true\n"):format(i, i, i % 7, i * 7919 % 10)
    end
    local policy = call:gsub("%%s", "{name} {score}")
    data(table.concat(rows))
    sheets(policy, "--threads", "1")
    local before = {}
    for _, name in ipairs(names("sheets")) do
      before[name] = sheet(name)
    end
    table.sort(rows, function(x, y)
      return x:reverse() < y:reverse()
    end)
    data(table.concat(rows))
    sheets(policy, "--threads", "2")
    assert.equal(7, #names("sheets"))
    for _, name in ipairs(names("sheets")) do
      assert.equal(before[name], sheet(name))
    end
  end)

  it("are in the manifest, and in --json", function()
    data("a,Ann,1,,Li,1,true\nb,,1,,,1,true\n")
    local run = sheets((call:gsub("%%s", "{name}")), "--json")
    assert.is_truthy(run.out:find('"playbooks":{"sheets":2,"without_playbook":0,'
      .. '"owner_not_known":1,"incomplete":1,"not_known":{"name":2},"failed":{},"files":[{"file":'
      .. '"phone.txt","channel":"phone","sheets":1},{"file":"phone-Li.txt","channel":"phone",'
      .. '"owner":"Li","sheets":1}]}', 1, true), run.out)
    local manifest = cli.read(cli.folder() .. "/rows.csv.manifest.json")
    local pipe = io.popen("sha256sum '" .. cli.folder() .. "/sheets/phone-Li.txt'")
    local sum = pipe:read("a"):sub(1, 64)
    pipe:close()
    assert.is_truthy(manifest:find('{"file":"sheets/phone-Li.txt","sha256":"' .. sum .. '"}', 1,
      true), manifest)
  end)

  it("appear whole or not at all", function()
    data("a,Ann,1,,Li,1,true\n")
    local policy = call:gsub("%%s", "{name}")
    local run = score(policy, "--playbooks", "sheets", "--metrics", "nothing_of_the_kind")
    assert.equal(1, run.status)
    run = score(policy, "--playbooks", "sheets", "-o", "nowhere/rows.csv")
    assert.equal(1, run.status)
    assert.same({ "data", "p.lua", "policies", "samples" }, names("."))
    cli.write(cli.folder() .. "/full", "")
    run = score(policy, "--playbooks", "full")
    assert.equal("patron: full: is there already; name a new or an empty folder\n", run.err)
    assert.is_nil(cli.read(cli.folder() .. "/rows.csv"))
    run = score('tiers "t" { { "x" } }', "--playbooks", "sheets")
    assert.equal(2, run.status)
    assert.equal("patron: --playbooks fills in the playbooks of a policy, and p.lua has none\n",
      run.err)
  end)

  it("are not a file for every customer", function()
    local rows = {}
    for i = 1, 10001 do
      rows[i] = ("c%d,N,1,2025-07-01,o%d,1,true\n"):format(i, i)
    end
    data(table.concat(rows))
    local run = sheets((call:gsub("%%s", "Dear {name}")))
    assert.equal(1, run.status)
    assert.matches("10001 files of call sheets", run.err, 1, true)
    assert.is_nil(lfs.attributes(cli.folder() .. "/sheets"))
  end)

  it("name the line of a field that the data lacks", function()
    data("a,Ann,1,,Li,1,true\n")
    local run = sheets((call:gsub("%%s", "{name}, {salary}")))
    assert.equal(1, run.status)
    assert.is_truthy(run.err:find("p.lua:2:82: there is no name `salary`", 1, true), run.err)
  end)
end)
