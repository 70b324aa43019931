-- Fields between blanks: a run of them is one delimiter.
local load = require("patron_core").load
local folder = require("load.folder")
local data = require("data")

local function dataset(text, options)
  options = options or {}
  options.path = folder {
    ["dataset.json"] = '{ "delimiter": " ", "date_formats": ["YYYYMMDD"], "tables": ' ..
      '{ "transactions": { "file": "t.txt" } } }',
    ["t.txt"] = text,
  }
  return load.dataset(options)
end

describe("a file between blanks", function()
  it("has what stands between runs of them, wherever it is cut", function()
    local text = '  a bb   c \n\n   \nd  e f\n   g "h  i" j\r\nk  "" l   \n m n\n1 2 3 4\n    '
    local want = "0|a|bb|c\n17|d|e|f\n24|g|h  i|j\n39|k||l\n50!too few fields,0\n" ..
      "55!too many fields,3\n"
    for _, threads in ipairs { 1, 2 } do
      for chunk = 1, 64 do
        assert.are.equal(want, load.scan(text, " ", 3, chunk, threads))
      end
    end
  end)

  it("has its places said to the byte", function()
    local d = assert(dataset("customer date amount\n  7   20240101   1.5\n  8   2024     1\n" ..
      '9 20240102 ""\n'))
    assert.are.same({ "1.50" }, { table.unpack(d.transactions.column.amount, 1, 1) })
    assert.are.same({ ["no date"] = 1, ["empty field"] = 1 }, d.source[1].reasons)
    assert.are.same({ 3, 7 }, { d.source[1].rejects[1].line, d.source[1].rejects[1].column })
  end)

  it("is CDNOW's, below a line of headers", function()
    local path, csv = data("cdnow/CDNOW_sample.txt"), data("cdnow/transactions.csv")
    if not path or not csv then
      pending("cdnow is not here")
      return
    end
    local file = assert(io.open(path))
    local d = assert(dataset("master customer date quantity amount\n" .. file:read("a"),
      { threads = 2, chunk = 10000 }))
    file:close()
    local same = assert(load.dataset { path = csv })
    assert.are.equal(2357, d.customers)
    assert.are.equal(6919, d.transactions.n)
    for _, name in ipairs { "date", "quantity", "amount" } do
      assert.are.same({ table.unpack(same.transactions.column[name], 1, 6919) },
        { table.unpack(d.transactions.column[name], 1, 6919) })
    end
  end)
end)
