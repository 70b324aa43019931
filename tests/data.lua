-- The path of a public data file that is kept beside the project, or nil where it is absent. It
-- starts at the root, since tests name it to programs and files that stand elsewhere.
local lfs = require("lfs")

local root = os.getenv("PATRON_DATA") or "../shared/data"
if root:sub(1, 1) ~= "/" then
  root = lfs.currentdir() .. "/" .. root
end

return function(name)
  local path = root .. "/" .. name
  local file = io.open(path)
  if not file then
    return nil
  end
  file:close()
  return path
end
