-- The house rules that no compiler checks, read from the sources: a stage sees only what stands to
-- its left, only src/policy knows Lua, kernels only compute, and the core keeps to itself.
local lfs = require("lfs")

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  return text
end

-- The stages from left to right, and the place of each: CMakeLists.txt has the one list.
local stages, place = {}, {}
for stage in read("CMakeLists.txt"):match("set%(stages ([^)]*)%)"):gmatch("%S+") do
  stages[#stages + 1] = stage
  place[stage] = #stages
end

local function files(folder, found)
  for name in lfs.dir(folder) do
    local path = folder .. "/" .. name
    if name:match("%.[ch]$") then
      found[#found + 1] = path
    elseif not name:match("^%.") and lfs.attributes(path, "mode") == "directory" then
      files(path, found)
    end
  end
  table.sort(found)
  return found
end

-- The code of a file: no comments, and nothing inside strings and characters. Lines stay lines.
local function code(text)
  local function blank(s)
    return (s:gsub("[^\n]", " "))
  end
  local out, at = {}, 1
  while true do
    local start = text:find("[\"'/]", at)
    if not start then
      break
    end
    out[#out + 1] = text:sub(at, start - 1)
    local stop
    if text:find("^//", start) then
      stop = (text:find("\n", start, true) or #text + 1) - 1
    elseif text:find("^/%*", start) then
      stop = select(2, text:find("*/", start + 2, true)) or #text
    elseif text:sub(start, start) == "/" then
      stop = start
    else
      local quote = text:sub(start, start)
      stop = start + 1
      while stop < #text and text:sub(stop, stop) ~= quote do
        stop = stop + (text:sub(stop, stop) == "\\" and 2 or 1)
      end
    end
    local piece = text:sub(start, stop)
    out[#out + 1] = piece == "/" and piece or blank(piece)
    at = stop + 1
  end
  return table.concat(out) .. text:sub(at)
end

local function includes(path)
  local found = {}
  for header in read(path):gmatch("\n?#include%s*[<\"]([^>\"]+)") do
    found[#found + 1] = header
  end
  return found
end

-- Every line of the files on which `pattern` stands, as "file:line: text".
local function lines_with(paths, pattern)
  local found = {}
  for _, path in ipairs(paths) do
    local n = 0
    for line in (code(read(path)) .. "\n"):gmatch("([^\n]*)\n") do
      n = n + 1
      if line:find(pattern) then
        found[#found + 1] = path .. ":" .. n .. ": " .. line
      end
    end
  end
  return found
end

local function only(paths, keep)
  local found = {}
  for _, path in ipairs(paths) do
    if keep(path) then
      found[#found + 1] = path
    end
  end
  return found
end

local sources = files("src", {})

-- The place of a source: main.c and patron.h stand to the right of every stage.
local function place_of(path)
  local stage = path:match("^src/([^/]+)/")
  return stage and place[stage] or #stages + 1
end

local lua_headers = { ["lua.h"] = true, ["lauxlib.h"] = true, ["lualib.h"] = true,
  ["luaconf.h"] = true }

describe("the layout of src", function()
  it("has every stage and no other folder", function()
    for _, path in ipairs(sources) do
      local stage = path:match("^src/([^/]+)/")
      assert.is_true(not stage or place[stage] ~= nil, path .. " is in no stage of CMakeLists.txt")
    end
    for _, stage in ipairs(stages) do
      assert.equal("directory", lfs.attributes("src/" .. stage, "mode"), stage)
    end
  end)

  it("lets a stage include only what stands to its left", function()
    local bad, seen = {}, 0
    for _, path in ipairs(sources) do
      for _, header in ipairs(includes(path)) do
        local stage = header:match("^([^/]+)/")
        if stage and place[stage] then
          seen = seen + 1
          if place[stage] > place_of(path) then
            bad[#bad + 1] = path .. " includes " .. header
          end
        elseif path:find("^src/.*/") and lfs.attributes("src/" .. header) then
          bad[#bad + 1] = path .. " includes " .. header .. ", which belongs to main"
        end
      end
    end
    assert.is_true(seen > 50, "the #include lines were not found")
    if #bad > 0 then
      local rule = "\na stage includes only what stands to its left in: "
      error(table.concat(bad, "\n") .. rule .. table.concat(stages, " "), 0)
    end
  end)

  it("keeps Lua inside src/policy, and out of its headers", function()
    local bad, seen = {}, 0
    for _, path in ipairs(sources) do
      for _, header in ipairs(includes(path)) do
        if lua_headers[header:match("[^/]*$")] then
          seen = seen + 1
          if not path:match("^src/policy/.*%.c$") then
            bad[#bad + 1] = path .. " includes " .. header
          end
        end
      end
    end
    assert.is_true(seen > 0, "nothing includes Lua's headers")
    local headers = only(sources, function(path)
      return path:match("%.h$")
    end)
    for _, line in ipairs(lines_with(headers, "%f[%w_]luaL?_%w")) do
      bad[#bad + 1] = line
    end
    assert.same({}, bad)
  end)

  it("keeps files, names and printing out of kernels", function()
    local allowed = { ["base/clones.h"] = true, ["base/date.h"] = true, ["math.h"] = true,
      ["string.h"] = true,
      ["stdint.h"] = true, ["stdbool.h"] = true, ["stddef.h"] = true, ["float.h"] = true,
      ["limits.h"] = true, ["stdlib.h"] = true, ["table/column.h"] = true, ["expr/ops.h"] = true,
      ["expr/tree.h"] = true }
    local kernels, bad = 0, {}
    for _, path in ipairs(sources) do
      if path:match("/kernel[%w_]*%.[ch]$") then
        kernels = kernels + 1
        for _, header in ipairs(includes(path)) do
          if not allowed[header] and not header:match("kernel[%w_]*%.h$") then
            bad[#bad + 1] = path .. " includes " .. header
          end
        end
      end
    end
    assert.is_true(kernels > 0, "there is no kernel")
    assert.same({}, bad)
  end)

  it("never touches the host's locale", function()
    assert.same({}, lines_with(sources, "%f[%w_]setlocale%f[^%w_]"))
  end)

  -- Variables that live as long as the process: `static` without const, a pointer without *const.
  it("keeps no state between calls but what is listed here", function()
    local listed = {
      "src/base/mem.c: innermost_run", -- a thread's own
      "src/base/mem.c: fail_after", "src/base/mem.c: fail_for_good", -- for tests
      "src/base/number.c: c_locale", "src/base/number.c: c_locale_once", -- made once, then read
      "src/main.c: stopped_by", -- the program's
      -- The helper process: Lua calls with no argument of ours.
      "src/policy/record.c: record", "src/policy/sandbox.c: no_memory",
      "src/policy/sandbox.c: allowance", "src/policy/script.c: script",
      "src/policy/serve.c: serving",
    }
    local found = {}
    for _, path in ipairs(sources) do
      local text = code(read(path)):gsub("(%f[%w_]struct%s*[%w_]*%s*)%b{}", "%1")
      for declared in text:gmatch("%f[%w_]static%s+([^;={(]-)%s*[;=]") do
        local pointer = declared:match("^.*%*(.*)$")
        if not (pointer or declared):find("const") then
          found[#found + 1] = path .. ": " .. declared:gsub("%b[]", ""):match("([%w_]+)%s*$")
        end
      end
    end
    table.sort(listed)
    table.sort(found)
    assert.same(listed, found)
  end)

  it("prints, and exits, only in the program", function()
    local core = only(sources, function(path)
      return path ~= "src/main.c"
    end)
    for _, name in ipairs({ "v?f?printf", "f?puts", "f?putc", "putchar", "perror", "exit" }) do
      assert.same({}, lines_with(core, "%f[%w_]" .. name .. "%s*%("))
    end
    assert.same({}, lines_with(core, "%f[%w_]std[oe][ur][tr]%f[^%w_]"))
  end)
end)
