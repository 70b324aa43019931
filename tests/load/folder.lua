-- A temporary folder with the given files, { name = content }; gone after the test run.
local made = {}

local cleaner = setmetatable({}, {
  __gc = function()
    for _, path in ipairs(made) do
      os.execute("rm -rf '" .. path .. "'")
    end
  end,
})

return function(files)
  local path = os.tmpname()
  os.remove(path)
  assert(os.execute("mkdir '" .. path .. "'"))
  made[#made + 1] = path
  for name, content in pairs(files) do
    local file = assert(io.open(path .. "/" .. name, "wb"))
    file:write(content)
    file:close()
  end
  return path, cleaner
end
