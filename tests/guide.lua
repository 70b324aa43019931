-- Documents that make one policy step by step are read as a reader reads them: a declaration that
-- comes again takes the place of the one before, and what is shown of the program is what it says.
--
--   local policy = {}
--   guide.put(policy, block)          -- the declarations of a block of Lua
--   guide.text(policy)                -- the policy as it stands now
--   guide.shown(command, lines)       -- runs `patron COMMAND`; every line is in what it says
local cli = require("cli")

local M = {}

-- The declarations of a Lua text, each with what it declares: 'tiers "card"'.
local function declarations(text)
  local list, current = {}, nil
  for line in text:gmatch("([^\n]*)\n") do
    local word, rest = line:match("^(%l[%w_]*)( .*)$")
    if word then
      current = { name = word .. (rest:match('^ "[^"]*"') or ""), lines = {} }
      list[#list + 1] = current
    end
    if current then
      current.lines[#current.lines + 1] = line
    end
  end
  return list
end

local function put(policy, declared)
  for i, old in ipairs(policy) do
    if old.name == declared.name then
      policy[i] = declared
      return
    end
  end
  policy[#policy + 1] = declared
end

function M.put(policy, block)
  for _, declared in ipairs(declarations(block)) do
    put(policy, declared)
  end
end

function M.text(policy)
  local parts = {}
  for i, declared in ipairs(policy) do
    parts[i] = table.concat(declared.lines, "\n")
  end
  return table.concat(parts, "\n") .. "\n"
end

-- As a shell parts them: quotes keep words together.
local function words(line)
  local list = {}
  local joined = line:gsub('"[^"]*"', function(text) return (text:gsub(" ", "\0")) end)
  for word in joined:gmatch("%S+") do
    list[#list + 1] = word:gsub('"', ""):gsub("\0", " ")
  end
  return list
end

-- Every line that is shown is in what the program says, in that order; `> FILE` keeps that.
function M.shown(command, page)
  local call, file = command:match("^(.-) > (%S+)$")
  local said = cli.run(words(call or command))
  local all, from = said.out .. said.err, 1
  assert(said.status == 0 or said.status == 4, command .. "\n" .. all)
  if file then
    cli.write(cli.folder() .. "/" .. file, said.out)
  end
  for line in page:gmatch("[^\n]+") do
    from = assert(all:find(line, from, true),
      "not said by patron " .. command .. ": " .. line .. "\n" .. all)
  end
end

return M
