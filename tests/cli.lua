-- Runs the program as a person does, in a temporary folder that has `samples` and `policies` in it.
--
--   local cli = require("cli")
--   local run = cli.run({ "score", "samples/bank", "policies/card-retention.lua" })
--   assert.equal(0, run.status, run.err)            -- run.status, run.out, run.err
--
--   cli.golden("score-bank", { "score", ... })      -- against tests/cli/golden/score-bank.txt
--
-- PATRON_REFRESH=1 writes the golden files anew; read the difference (git diff) before committing.
local lfs = require("lfs")

local M = {}

local root = lfs.currentdir()
local program = root .. "/" .. (os.getenv("PATRON_BUILD") or "build/release") .. "/patron"

M.program = program

-- The program's own leaks and errors, in a build with sanitizers, are neither lost nor taken for
-- one of its exit statuses.
local sanitizers = "ASAN_OPTIONS=detect_leaks=1:exitcode=99 "
  .. "UBSAN_OPTIONS=print_stacktrace=1:exitcode=99 "

local function quote(s)
  return "'" .. s:gsub("'", "'\\''") .. "'"
end

function M.read(path)
  local file = io.open(path, "rb")
  local text = file and file:read("a")
  if file then
    file:close()
  end
  return text
end

function M.write(path, text)
  local file = assert(io.open(path, "wb"))
  assert(file:write(text))
  assert(file:close())
end

local folder

-- The temporary folder; M.clean empties it. A spec that writes files calls that in after_each.
function M.folder()
  if not folder then
    folder = os.tmpname()
    os.remove(folder)
    assert(lfs.mkdir(folder))
    for _, name in ipairs({ "samples", "policies" }) do
      assert(lfs.link(root .. "/" .. name, folder .. "/" .. name, true))
    end
  end
  return folder
end

function M.clean()
  if folder then
    os.execute("rm -rf " .. quote(folder))
    folder = nil
  end
end

-- Runs `patron` with these arguments. Options:
--   to = "/dev/full"     where standard output goes, instead of into run.out
--   pipe = "head -1"     a command that reads standard output; run.out is what it says
--   input = "text"       standard input, else empty
--   env = "LANG=de_DE"   put before the command
--   program = "..."      instead of the program
--   limit = 60           seconds until it is killed (run.status is 124)
function M.run(arguments, options)
  options = options or {}
  local at = M.folder()
  local words = {}
  for i, word in ipairs(arguments) do
    words[i] = quote(tostring(word))
  end
  M.write(at .. "/.in", options.input or "")
  local command = "cd " .. quote(at) .. " && { timeout " .. (options.limit or 120) .. " env "
    .. sanitizers .. (options.env or "") .. " " .. quote(options.program or program) .. " "
    .. table.concat(words, " ")
    .. " <.in 2>.err; echo $? >.status; }"
    .. (options.pipe and " | " .. options.pipe or "") .. " >" .. quote(options.to or ".out")
  os.execute(command)
  local run = {
    command = "patron " .. table.concat(arguments, " "),
    status = tonumber(M.read(at .. "/.status")),
    out = M.read(at .. "/.out") or "",
    err = M.read(at .. "/.err") or "",
  }
  for _, name in ipairs({ ".in", ".out", ".err", ".status" }) do
    os.remove(at .. "/" .. name)
  end
  return run
end

local function transcript(run)
  local text = "$ " .. run.command .. "\n" .. run.out
  if run.err ~= "" then
    text = text .. "--- standard error\n" .. run.err
  end
  return text .. "--- exit status " .. run.status .. "\n"
end

-- Asserts that a run says, to the byte, what its golden file holds; returns the run.
function M.golden(name, arguments, options)
  local run = M.run(arguments, options)
  local path = root .. "/tests/cli/golden/" .. name .. ".txt"
  local got = transcript(run)
  if os.getenv("PATRON_REFRESH") then
    M.write(path, got)
  end
  local expected = M.read(path)
  if not expected then
    error(path .. " is missing: PATRON_REFRESH=1 writes it", 0)
  end
  if got ~= expected then
    local said = M.folder() .. "/.got"
    M.write(said, got)
    local diff = io.popen("diff -u " .. quote(path) .. " " .. quote(said))
    local text = diff:read("a")
    diff:close()
    os.remove(said)
    error("not as in " .. path .. ":\n" .. text, 0)
  end
  return run
end

return M
