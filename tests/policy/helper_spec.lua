-- The parent trusts nothing: helpers that crash, hang, lie or never end.
local lfs = require("lfs")
local run = require("policy.run")

local declares = 'campaign "c" { when = "true", offer = let_go }'

-- What comes of a policy when the helper is this shell script.
local function with(body, deadline)
  local path = run.fake(body)
  local result = run.load(declares, { helper = path, deadline = deadline or 10000 })
  os.remove(path)
  return (result.error:gsub(path, "HELPER")), result
end

local function octal(s)
  return (s:gsub(".", function(c)
    return ("\\%03o"):format(c:byte())
  end))
end

-- Lets a fake helper answer with an error, to see what it saw.
local function telling(command)
  return ([[cat >/dev/null; text=$(%s)
    printf "E\\001\\000\\000\\000\\$(printf %%03o ${#text})\\000\\000\\000%%s" "$text"]]):format(
    command)
end

local function children()
  local pid = io.open("/proc/self/stat"):read("a"):match("^%d+")
  return io.open("/proc/self/task/" .. pid .. "/children"):read("a")
end

-- How many processes were started by this name.
local function running(name)
  local n = 0
  for entry in lfs.dir("/proc") do
    local file = entry:match("^%d+$") and io.open("/proc/" .. entry .. "/cmdline")
    if file then
      n = n + ((file:read("a") or ""):sub(1, #name) == name and 1 or 0)
      file:close()
    end
  end
  return n
end

local function soon(condition)
  for _ = 1, 200 do
    if condition() then
      return true
    end
    os.execute("sleep 0.05")
  end
  return false
end

local no_answer = "FILE: the process that runs the script, HELPER, ended without an answer"
local no_sense = "FILE: the process that runs the script gave an answer that is none"

describe("a helper", function()
  it("that dies is told of", function()
    assert.equal("FILE: the process that runs the script died of signal 11 (Segmentation fault)",
      (with("kill -SEGV $$")))
    assert.equal(no_answer, (with("exit 3")))
    assert.equal(no_answer, (with("kill -KILL $$")))
    assert.equal(no_answer, (with("exec >&- <&- 2>&-; exec sleep 60")))
  end)

  it("that hangs is killed at the deadline", function()
    local late = "FILE: the script was still running after 0.1 seconds; a policy only declares: "
      .. "look for a loop without end"
    local start = os.time()
    assert.equal(late, (with("exec sleep 60", 100)))
    assert.equal(late, (with("trap '' TERM; while :; do :; done", 100)))
    assert.equal(late, (with("cat >/dev/null; while :; do printf E; sleep 0.02; done", 100)))
    assert.is_true(os.time() - start < 10)
  end)

  it("that never ends its answer is cut off", function()
    assert.equal("FILE: the script declares more than 16 MB", (with("exec yes")))
  end)

  it("cannot be anything but a program", function()
    local result = run.load(declares, { helper = "/nonexistent" })
    assert.equal(3, result.status)
    assert.truthy(result.error:find("cannot start the helper process /nonexistent: No such", 1,
      true))
  end)

  it("gets no environment and no files but its own", function()
    local file = assert(io.open("/dev/null")) -- Lua's files are inherited unless closed
    assert.equal("FILE:1: nothing", (with(telling("/usr/bin/env | grep -v ^PWD=; echo nothing"))))
    assert.equal("FILE:1: files:", (with("for i in 3 4 5 6 7 8 9; do "
      .. "[ ! -e /proc/$$/fd/$i ] || files=\"$files $i\"; done\n" .. telling("echo files:$files"))))
    file:close()
  end)

  it("that lies is not believed", function()
    for _, lie in ipairs({
      "", "X", "B", "B\1\0\0", "B\1\0\0\0", "B\255\255\255\255", "B\255\255\255\127T",
      "B\1\0\0\0t", "B\1\0\0\0W", "B\1\0\0\0W\255\255\255\255x", "B\0\0\0\0x",
      "B\1\0\0\0W\8\0\0\0campaign\1\0\0\0\255\255\0\0",
      "B\1\0\0\0W\8\0\0\0campaign\255\255\255\255\0\0\0\0",
      "E\1\0\0\0\255\255\255\255x", "E\1\0\0\0\1\0\0\0xy", "L", "L\1\0\0\0x",
    }) do
      local text, result = with("cat >/dev/null; printf '" .. octal(lie) .. "'")
      assert.equal(1, result.status)
      assert.equal(lie == "" and no_answer or no_sense, text)
    end
    assert.equal('FILE: declares nothing: write a campaign "..." { ... } or tiers "..." { ... }',
      (with("cat >/dev/null; printf 'B\\000\\000\\000\\000'")))
  end)

  it("whose answer fits no text is checked all the same", function()
    local function word(name, line, ...)
      local out = "W" .. ("<s4"):pack(name) .. ("<I4I4"):pack(line, select("#", ...))
      return out .. table.concat({ ... })
    end
    local function text(s)
      return "s" .. ("<s4"):pack(s)
    end
    local function fields(...)
      local pairs_of = { ... }
      return "T" .. ("<I4I4"):pack(0, #pairs_of // 2) .. table.concat(pairs_of)
    end
    local function field(name)
      return ("<s4"):pack(name)
    end
    local function answer(...)
      local blocks = { ... }
      local bytes = "B" .. ("<I4"):pack(#blocks) .. table.concat(blocks)
      return with("cat >/dev/null; printf '" .. octal(bytes) .. "'")
    end
    assert.equal("FILE:1:1: `campaign` is written campaign \"a name\" { ... }",
      (answer(word("campaign", 1))))
    assert.equal("FILE:7: `campaign` is written campaign \"a name\" { ... }",
      (answer(word("campaign", 7, text("x")))))
    assert.equal("FILE: `nonsense` is no block", (answer(word("nonsense", 0, text("x")))))
    assert.equal("FILE:9: `gift` is no block", (answer(word("gift", 9, text("x")))))
    local said = answer(word("campaign", 9, text("x"), fields(field("when"), text("true"),
      field("offer"), word("let_go", 99))))
    assert.equal("", said)
    said = answer(word("campaign", 9, text("x"), fields(field("when"), text("true"),
      field("offer"), word("waive_fee", 99, word("waive_fee", 1)))))
    assert.equal("FILE:9: campaign 'x': `waive_fee` takes a table, or nothing, got `waive_fee`",
      said)
    said = answer(word("tiers", 9, text("x"), "T" .. ("<I4"):pack(2) .. word("days", 0) .. "t"
      .. ("<I4"):pack(0)))
    assert.equal("FILE:9: tiers 'x': a tier is written { \"name\", when = \"...\" }, got true "
      .. "(the last of 2 errors)", said)
  end)

  it("leaves nothing behind", function()
    run.load("while true do end", { deadline = 50 })
    with("exec yes")
    assert.equal("", children())
  end)

  it("ends with its parent", function()
    local link, policy, pid = os.tmpname(), run.fake(""), os.tmpname()
    os.remove(link)
    os.execute("ln -s $(realpath " .. run.program .. ") " .. link)
    local file = assert(io.open(policy, "w"))
    file:write("while true do end")
    file:close()
    os.execute(([[%s -e 'package.cpath = "%s"
      require("patron_core").policy.load({ path = "%s", helper = "%s", deadline = 60000 })' \
      >/dev/null & echo $! >%s]]):format(os.getenv("PATRON_LUA") or "lua5.4", package.cpath, policy,
      link, pid))
    assert.is_true(soon(function()
      return running(link) == 1
    end))
    os.execute("kill -9 $(cat " .. pid .. ")")
    assert.is_true(soon(function()
      return running(link) == 0
    end))
    os.remove(link)
    os.remove(policy)
    os.remove(pid)
  end)
end)

describe("loading", function()
  it("survives memory running out at any place, and leaves no process", function()
    local statuses = {}
    for n = 1, 40 do
      local result = run.load(declares, { fail_at = n, compile = true })
      statuses[result.status] = (statuses[result.status] or 0) + 1
    end
    assert.equal("", children())
    assert.is_true(statuses[3] > 3)
    assert.is_nil(statuses[1])
  end)
end)
