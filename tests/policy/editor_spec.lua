-- What an editor says about a policy: a language server is given the annotations and a policy with
-- mistakes, as an editor would do it. Any server will do that reads the annotations:
-- lua-language-server or emmylua_ls, on the PATH or named by PATRON_LUA_SERVER.
local cli = require("cli")
local json = require("dkjson")
local lfs = require("lfs")

local good = [[
policy "Cards" { currency = "CNY" }

inputs { opted_out = flag, potential = { "low", "high" } }
params { gold_from = { 1000, from = 500, to = 5000 }, share = 0.5 }
metrics {
  calls = count "events" { where = "type == 'call'", last = days(90) },
  pace  = function(orders, tenure_months) return orders / (tenure_months + 1) end,
  busy  = flag(function(pace) return pace > 2 end),
  half  = median "spend",
}
tiers "card" {
  { "gold", when = "spend >= gold_from" },
  { "classic" },
}
campaign "thanks" {
  when    = function(orders) return orders > 9 end,
  never   = "opted_out or busy or calls > 3 or potential == 'low' or half > share",
  offer   = gift "a cake",
  cost    = 8,
  channel = { "phone", "sms" },
  holdout = 0.1,
}
test "gold" { customer = { spend = 1200, orders = 3 }, gives = { tier = "gold", offers = {} } }
]]

-- A line each, and what is underlined in it.
local bad = {
  { 'policy "Cards" { currency = 156 }', "156" },
  { 'params { p = { 5, from = "one" } }', '"one"' },
  { 'metrics { calls = count "events" { last = 90 } }', "90" },
  { 'campaign "a" { when = 12, offer = gift "x" }', "12" },
  { 'campaign "b" { when = "true", offer = "a cake" }', '"a cake"' },
  { 'campaign "c" { when = "true", offer = gift(12) }', "12" },
  { 'campaign "d" { when = "true", offer = gift "x", holdout = "much" }', '"much"' },
  { 'tiers "t" { { "gold", when = "true" }, { "rest" }, review = 3 }', "review = 3" },
  { 'tiers "u" { { "gold", when = 12 }, { "rest" } }', "when = 12" },
  { 'test "e" { customer = { orders = "three" }, gives = {} }', '"three"' },
}

-- Where names complete: `|` is the cursor, then a name that is offered there.
local open = {
  { "camp|", "campaign" },
  { 'campaign "f" { when = "true", offer = gift "x", hold| }', "holdout" },
  { "local thanks = gi|", "gift" },
  { 'test "h" { customer = { tenure_m| } }', "tenure_months" },
}

local function server()
  local given = os.getenv("PATRON_LUA_SERVER")
  for _, name in ipairs({ given or "lua-language-server", "emmylua_ls" }) do
    local pipe = io.popen("command -v " .. name)
    local path = pipe:read("l")
    pipe:close()
    if path then
      return path
    end
  end
end

-- Sends the messages of each stage, with time to work behind it, and returns all that was answered.
-- (A server whose input ends stops.)
local function talk(program, stages)
  local at, commands = cli.folder(), {}
  for i, stage in ipairs(stages) do
    local text = {}
    for k, message in ipairs(stage) do
      message.jsonrpc = "2.0"
      local body = json.encode(message)
      text[k] = "Content-Length: " .. #body .. "\r\n\r\n" .. body
    end
    cli.write(at .. "/stage" .. i, table.concat(text))
    commands[i] = "cat stage" .. i .. "; sleep 3"
  end
  os.execute(("cd %s && (%s) | timeout 60 %s >out 2>err"):format(at, table.concat(commands, "; "),
    program))
  local answers, got, from = {}, cli.read(at .. "/out"), 1
  while true do
    local n, header = got:match("Content%-Length: (%d+)()", from)
    if not n then
      return answers
    end
    local _, start = got:find("\r\n\r\n", header, true)
    answers[#answers + 1] = json.decode(got:sub(start + 1, start + n))
    from = start + n + 1
  end
end

describe("an editor with lua/patron.lua", function()
  local program = server()
  lazy_teardown(cli.clean)

  it("leaves a sound policy alone, underlines wrong types, and completes names", function()
    if not program then
      return pending("needs lua-language-server or emmylua_ls")
    end
    local at = cli.folder()
    os.execute(("mkdir -p %s/lua && cp lua/patron.lua %s/lua && cp .luarc.json %s"):format(at, at,
      at))
    local root = "file://" .. at
    local lines = {}
    for i, case in ipairs(bad) do
      lines[i] = case[1]
    end
    local files = { ["good.lua"] = good, ["bad.lua"] = table.concat(lines, "\n") .. "\n" }
    local opened, asked, stages = {}, {}, { {
      { id = 1, method = "initialize", params = { processId = json.null, rootUri = root,
        workspaceFolders = { { uri = root, name = "w" } }, capabilities = {
          workspace = { configuration = true, workspaceFolders = true }, textDocument = {
          publishDiagnostics = { relatedInformation = true },
          completion = { completionItem = { snippetSupport = false } } } } } },
      { method = "initialized", params = json.decode("{}") },
    } }
    local function add(name, text)
      cli.write(at .. "/" .. name, text)
      opened[#opened + 1] = { method = "textDocument/didOpen", params = { textDocument = {
        uri = root .. "/" .. name, languageId = "lua", version = 1, text = text } } }
    end
    for name in lfs.dir("policies") do
      files["stock-" .. name] = name:find("%.lua$") and cli.read("policies/" .. name) or nil
    end
    for name, text in pairs(files) do
      add(name, text)
    end
    for i, case in ipairs(open) do
      local column = case[1]:find("|", 1, true) - 1
      add("open" .. i .. ".lua", (case[1]:gsub("|", "", 1)))
      asked[#asked + 1] = { id = 100 + i, method = "textDocument/completion", params = {
        textDocument = { uri = root .. "/open" .. i .. ".lua" },
        position = { line = 0, character = column } } }
    end
    stages[2], stages[3] = opened, asked
    local said, offered = {}, {}
    for _, answer in ipairs(talk(program, stages)) do
      if answer.method == "textDocument/publishDiagnostics" then
        said[answer.params.uri:match("[^/]*$")] = answer.params.diagnostics
      elseif answer.id and answer.id > 100 and answer.result then
        local names = {}
        for _, item in ipairs(answer.result.items or answer.result) do
          names[item.label:match("[%w_]+") or item.label] = true
        end
        offered[answer.id - 100] = names
      end
    end
    for name in pairs(files) do
      assert.same(name == "bad.lua" and said[name] or {}, said[name], name)
    end
    local underlined = {}
    for _, d in ipairs(assert(said["bad.lua"], "no diagnostics")) do
      local line = lines[d.range.start.line + 1]
      local text = line:sub(d.range.start.character + 1, d.range["end"].character)
      local i = d.range.start.line + 1
      underlined[i] = (underlined[i] or "") .. text .. "\n"
    end
    for i, case in ipairs(bad) do
      assert.is_truthy((underlined[i] or ""):find(case[2], 1, true), case[1])
    end
    for i, case in ipairs(open) do
      assert.is_truthy(offered[i] and offered[i][case[2]], case[1])
    end
  end)
end)
