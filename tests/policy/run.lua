-- Loads policies from texts, through the built program as helper.
local core = require("patron_core").policy

local M = {}

M.program = (os.getenv("PATRON_BUILD") or "build/release") .. "/patron"

-- What load answers for a file with this text (tests/core/policy.c has the options).
function M.load(text, options)
  local call = {}
  for key, value in pairs(options or {}) do
    call[key] = value
  end
  call.path = os.tmpname()
  call.helper = call.helper or M.program
  call.deadline = call.deadline or 30000 -- on a busy machine, too
  local file = assert(io.open(call.path, "wb"))
  file:write(text)
  file:close()
  local result = core.load(call)
  os.remove(call.path)
  if result.policy then
    result.policy = result.policy:gsub("^policy " .. call.path:match("[^/]*$"), "policy FILE")
  end
  result.error = result.error:gsub("^" .. call.path:gsub("%p", "%%%0"), "FILE")
  return result
end

-- The only finding of a text, without its code: "error 3:5 unknown word ...". "" if there is none.
function M.finding(text, options)
  local result = M.load(text, options)
  assert(#result.findings <= 1, table.concat(result.findings, "\n"))
  local finding = result.findings[1] or (result.status ~= 0 and result.error) or ""
  return (finding:gsub("^(%S+) %S+ (%d+:%d+)", "%1 %2"))
end

function M.compiled(text, options)
  options = options or {}
  options.compile = true
  return M.finding(text, options)
end

-- A fake helper: a shell script.
function M.fake(body)
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write("#!/bin/sh\n" .. body .. "\n")
  file:close()
  os.execute("chmod +x " .. path)
  return path
end

return M
