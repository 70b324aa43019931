-- The path of a public data file that is kept beside the project, or nil where it is absent.
local root = os.getenv("PATRON_DATA") or "../shared/data"

return function(name)
  local path = root .. "/" .. name
  local file = io.open(path)
  if not file then
    return nil
  end
  file:close()
  return path
end
