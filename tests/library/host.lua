-- Runs the programs of tests/library, which embed Patron.
--
--   local host = require("library.host")
--   local run = host.run({ "run", "score", ... }, { program = "library_host", env = "TZ=UTC" })
--   run.status, run.out, run.err
--
-- pipe = "head -1" is a command that reads what they write to file 3; run.piped is what it says.
-- They run in cli.folder(), so `samples` and `policies` are there; cli.clean empties it.
local cli = require("cli")

local M = {}

local build = cli.program:match("^(.*)/patron$")

local function quote(s)
  return "'" .. s:gsub("'", "'\\''") .. "'"
end

function M.run(arguments, options)
  options = options or {}
  local at = cli.folder()
  local words = {}
  for i, word in ipairs(arguments) do
    words[i] = quote(tostring(word))
  end
  cli.write(at .. "/.in", options.input or "")
  local command = "cd %s && { timeout 300 env ASAN_OPTIONS=detect_leaks=1:exitcode=99 PATRON=%s %s"
    .. " %s %s <.in 3>&1 >.out 2>.err; echo $? >.status; } %s >.piped"
  os.execute(command:format(quote(at), quote(cli.program), options.env or "",
    quote(build .. "/" .. (options.program or "library_host")), table.concat(words, " "),
    options.pipe and "| " .. options.pipe or ""))
  local run = { status = tonumber(cli.read(at .. "/.status")), out = cli.read(at .. "/.out"),
    err = cli.read(at .. "/.err"), piped = cli.read(at .. "/.piped") }
  for _, name in ipairs({ ".in", ".out", ".err", ".status", ".piped" }) do
    os.remove(at .. "/" .. name)
  end
  return run
end

-- Whether the build has the sanitizers' allocator in it.
function M.sanitized()
  return cli.read(build .. "/CMakeCache.txt"):find("PATRON_SANITIZE:BOOL=ON", 1, true) ~= nil
end

-- Environment that makes de_DE.UTF-8 a locale of this machine; or nil, and why not.
function M.german()
  local folder = build .. "/locale"
  if not cli.read("/usr/share/i18n/locales/de_DE") then
    return nil, "needs the sources of locales (package locales)"
  end
  local made = folder .. "/de_DE.UTF-8/LC_NUMERIC"
  if not cli.read(made) then
    os.execute("mkdir -p " .. quote(folder) .. " && localedef -i de_DE -f UTF-8 "
      .. quote(folder .. "/de_DE.UTF-8") .. " 2>/dev/null")
  end
  if not cli.read(made) then
    return nil, "localedef made no locale"
  end
  return "LOCPATH=" .. quote(folder) .. " HOST_LOCALE=de_DE.UTF-8"
end

function M.exported()
  local pipe = io.popen("nm -D --defined-only " .. quote(build .. "/libpatron.so"))
  local names = {}
  for name in pipe:read("a"):gmatch("%x+ %a ([^\n]+)") do
    names[#names + 1] = name
  end
  pipe:close()
  table.sort(names)
  return names
end

return M
