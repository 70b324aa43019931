-- Manual pages and completion say what the program's own help says, in a form that their readers
-- take: man and mandoc without a warning, bash and zsh as they complete.
local cli = require("cli")
local lfs = require("lfs")

local root = lfs.currentdir()
local made = root .. "/" .. (os.getenv("PATRON_BUILD") or "build/release") .. "/package"

-- What a command prints, errors too.
local function output(command)
  local pipe = assert(io.popen(command .. " 2>&1"))
  local text = pipe:read("a")
  pipe:close()
  return text
end

local function has(program)
  return os.execute("command -v " .. program .. " >/dev/null")
end

local function page(name)
  return output("zcat " .. made .. "/man1/" .. name .. ".1.gz")
end

-- As a reader sees it, in one line: roff's escapes resolved.
local function plain(text)
  return (text:gsub("\\f[BRI]", ""):gsub("\\%-", "-"):gsub("\\%(aq", "'"):gsub("\\&", "")
    :gsub("%s+", " "))
end

local verbs = {}
for name in cli.run({ "--help" }).out:match("Usage:(.-)\n\n"):gmatch("\n  patron ([%l-]+)") do
  verbs[#verbs + 1] = name
end
cli.clean()

describe("the manual page", function()
  lazy_teardown(cli.clean)

  it("of the program names every verb, and every verb has its own", function()
    assert.is_true(#verbs >= 7)
    local text = plain(page("patron"))
    for _, verb in ipairs(verbs) do
      assert.is_truthy(text:find(" .TP " .. verb .. " ", 1, true), verb)
      assert.is_truthy(text:find("patron-" .. verb .. "(1)", 1, true), verb)
      assert.is_truthy(lfs.attributes(made .. "/man1/patron-" .. verb .. ".1.gz"), verb)
    end
    local notes = cli.run({ "--help" }).out:match("\n(DATA is .*)")
    assert.is_truthy(text:find(plain(notes):match("Exit status.*%S"), 1, true))
  end)

  for _, verb in ipairs(verbs) do
    it("of " .. verb .. " says all that its help says", function()
      local help, text = cli.run({ verb, "--help" }).out, plain(page("patron-" .. verb))
      local options = 0
      for line in help:gmatch("[^\n]+") do
        local option, what = line:match("^  (%-%S+[ =]?%S*) +(.*)")
        if option then
          options = options + 1
          line = ".TP " .. option:gsub(" $", "") .. " " .. what
        end
        line = line:gsub("^patron ([%l-]+)(.*)", "patron %1 [OPTION]...%2"):gsub("`", "")
          :gsub("^Examples:", ".SH EXAMPLES"):gsub("^Options:", ".SH OPTIONS"):gsub("%.$", "")
        assert.is_truthy(text:find(plain(line):match("^%s*(.-)%s*$"), 1, true), line)
      end
      assert.is_true(options >= 3)
    end)
  end

  for _, checker in ipairs({ "mandoc -Tlint -W warning", "groff -man -ww -z" }) do
    it("passes " .. checker, function()
      if not has(checker:match("^%l+")) then
        pending(checker:match("^%l+") .. " is not installed")
      end
      for file in lfs.dir(made .. "/man1") do
        if file:find("%.gz$") then
          assert.equal("", output("zcat " .. made .. "/man1/" .. file .. " | " .. checker), file)
        end
      end
    end)
  end
end)

-- A command line, what is offered at its end, and what is not. (zsh offers any file where none has
-- the right ending.)
local CASES = {
  { "sc", { "score" }, { "check" } },
  { "help ex", { "explain" }, { "score" } },
  { "score --me", { "--metrics" }, { "--set" } },
  { "test --m", {}, { "--metrics" } },
  { "score samples/", { "samples/bank", "samples/rfm-nine" } },
  { "score samples/bank/", { "samples/bank/customers.csv" } },
  { "score samples/bank policies/", { "policies/rfm.lua" } },
  { "score --strict samples/bank policies/", { "policies/rfm.lua" } },
  { "score --as-of 2026-01-01 samples/bank policies/", { "policies/rfm.lua" } },
  { "score samples/bank sa", { "samples" }, { "policies/rfm.lua" } },
  { "score samples/bank policies/rfm.lua po", {}, { "policies" } },
  { "generate r", { "retail" }, { "bank" } },
  { "fit samples/bank policies/rfm.lua ", {}, { "samples", "policies" } },
  { "check policies/r", { "policies/rfm.lua" } },
  { "test policies/r", { "policies/rfm.lua" } },
  { "score -o samples/bank/d", { "samples/bank/dataset.json" } },
  { "score --metrics rf_r", { "rf_ratio" } },
  { "score --metrics=rf_r", { "rf_ratio" } },
  { "score --metrics last_purchase,rf_r", { "rf_ratio" } },
  { "score --encoding ", { "utf-8", "utf-8-bom", "gb18030" }, { "rf_ratio", "samples" } },
  { "measure --encoding=g", { "gb18030" }, { "utf-8" } },
  { "metrics rf_r", { "rf_ratio" }, { "last_purchase" } },
  { "explain samples/bank policies/card-retention.lua --set hi", { "high_value" } },
  { "explain samples/bank policies/card-retention.lua ", {}, { "samples", "policies" } },
  { "score --as-of ", {}, { "samples", "policies" } },
  { "simulate samples/bank policies/rfm.lua --vs policies/r", { "policies/rfm.lua" } },
  { "simulate samples/bank policies/rfm.lua --assume ", {}, { "samples", "rf_ratio" } },
  { "evaluate samples/bank --campaign rf_", {}, { "rf_ratio" } },
  { "evaluate samples/bank --outcome rf_r", { "rf_ratio" } },
  { "plan-test --name rf_", {}, { "rf_ratio" } },
}

-- What a shell offers, as a set. One repeats what stands on the line before the last slash or
-- comma, the other does not; a "=" may follow a param.
local function offers(shell, line)
  local set, before = {}, line:match("([^%s=]*[/,])[^/,%s]*$") or ""
  local text = output(("cd %s && PATH=%s:$PATH %s tests/install/complete.%s %s/completion.%s %s")
    :format(root, cli.program:match("(.*)/"), shell == "zsh" and "zsh -f" or shell, shell, made,
      shell, "'patron " .. line .. "'"))
  for word in text:gmatch("[^\n]+") do
    word = word:gsub("=$", "")
    if word:sub(1, #before) == before then
      word = word:sub(#before + 1)
    end
    set[word] = true
    set[before .. word] = true
  end
  return set, text
end

-- Why a shell cannot be asked here; nil if it can.
local function hindrance(shell, needs)
  if not (has(shell) and lfs.attributes(needs)) then
    return shell .. " with its completion is not installed"
  end
  local ask = "zsh -fc 'zmodload zsh/zpty && zpty z true' 2>/dev/null"
  if shell == "zsh" and not os.execute(ask) then
    return "there are no pseudo-terminals here, on which zsh could be asked"
  end
end

for shell, needs in pairs({ bash = "/usr/share/bash-completion", zsh = "/usr/share/zsh" }) do
  describe("completion in " .. shell, function()
    local why = hindrance(shell, needs)
    for _, case in ipairs(CASES) do
      it("of 'patron " .. case[1] .. "'", function()
        if why then
          return pending(why)
        end
        local set, text = offers(shell, case[1])
        for _, word in ipairs(case[2]) do
          assert.is_true(set[word], word .. " is not among:\n" .. text)
        end
        for _, word in ipairs(case[3] or {}) do
          assert.is_nil(set[word], word .. " is among:\n" .. text)
        end
      end)
    end
  end)
end
