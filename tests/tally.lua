-- busted's output handler for .ci/run: the usual terminal output, and at the end the counts in the
-- file that PATRON_TALLY names. A run that breaks off leaves no file, and so cannot pass for one
-- that succeeded.
return function(options)
  local busted = require("busted")
  local handler = require("busted.outputHandlers.plainTerminal")(options)

  busted.subscribe({ "suite", "end" }, function()
    local path = os.getenv("PATRON_TALLY")
    if path then
      local file = assert(io.open(path, "w"))
      file:write(handler.successesCount, " ", handler.failuresCount + handler.errorsCount, " ",
        handler.pendingsCount, "\n")
      assert(file:close())
    end
    return nil, true
  end)

  return handler
end
