-- Words that mean missing: those that dataset.json says, and the usual ones where a column has them
-- besides values of a better type.
local load = require("patron_core").load
local folder = require("load.folder")

local SALES = "customer,date,amount,margin,note\n"

local function sales(rows, description, name)
  return folder {
    [name or "sales.csv"] = rows,
    ["dataset.json"] = description,
  }
end

local function described(keys, columns, table_keys)
  return ('{ %s "tables": { "transactions": { "file": "sales.csv", %s "columns": { %s } } } }')
    :format(keys or "", table_keys or "", columns or "")
end

describe("a word that stands for a missing value", function()
  it("is missing in every column of the dataset that says so", function()
    local d = assert(load.dataset {
      path = sales(SALES .. "A,2024-01-02,1,void,void\nB,2024-01-02,1,2,x\nvoid,2024-01-02,1,2,x\n",
        described('"missing": ["void", "gone"],')),
    })
    local c = d.transactions.column
    assert.are.same({ false, "2.00" }, { c.margin[1], c.margin[2] })
    assert.are.same({ false, "x" }, { c.note[1], c.note[2] })
    assert.are.same({ ["empty field"] = 1 }, d.source[1].reasons) -- nobody is named void
  end)

  it("is said for all, for a table and for a column, and these add up", function()
    local d = assert(load.dataset {
      path = sales(SALES .. "A,2024-01-02,1,a,a\nB,2024-01-02,1,b,b\nC,2024-01-02,1,c,c\n",
        described('"missing": ["a"],', '"margin": { "missing": ["c"] }', '"missing": ["b"],')),
    })
    local c = d.transactions.column
    assert.are.same({ false, false, false }, { c.margin[1], c.margin[2], c.margin[3] })
    assert.are.same({ false, false, "c" }, { c.note[1], c.note[2], c.note[3] })
  end)

  it("is compared as it stands", function()
    local d = assert(load.dataset {
      path = sales(SALES .. "A,2024-01-02,1,1,void\nB,2024-01-02,1,2,Void\n",
        described('"missing": ["void"],')),
    })
    local note = d.transactions.column.note
    assert.are.same({ false, "Void" }, { note[1], note[2] })
  end)

  it("is the same in CSV, in lines and in arrays of JSON, for any chunks and threads", function()
    local csv, lines = { "customer,date,amount,age,note\n" }, {}
    for i = 1, 400 do
      local age, note = ({ "NULL", "-", "7", "8" })[i % 4 + 1], i % 3 == 0 and "void" or "x"
      csv[#csv + 1] = ("c%d,2024-01-02,%d,%s,%s\n"):format(i, i, age, note)
      lines[i] = ('{"customer":"c%d","date":"2024-01-02","amount":%d,"age":"%s","note":"%s"}')
        :format(i, i, age, note)
    end
    local files = { ["sales.csv"] = table.concat(csv), ["sales.ndjson"] = table.concat(lines, "\n"),
      ["sales.json"] = "[" .. table.concat(lines, ",\n") .. "]" }
    local want
    for name, text in pairs(files) do
      for _, how in ipairs { { 1, 0 }, { 3, 500 } } do
        local d = assert(load.dataset {
          path = sales(text, described('"missing": ["void"],'):gsub("sales%.csv", name), name),
          threads = how[1], chunk = how[2],
        })
        assert.are.equal("integer", d.transactions.column.age.type)
        assert.are.equal(200, d.transactions.column.age.missing)
        assert.are.equal(133, d.transactions.column.note.missing)
        want = want or d.transactions.hash
        assert.are.equal(want, d.transactions.hash)
      end
    end
  end)

  it("must be a list of strings", function()
    local _, message = load.dataset { path = sales(SALES, described('"missing": "NULL",')) }
    assert.matches("dataset.json:1:14: this must be a list of strings", message, 1, true)
  end)
end)

describe("the usual words", function()
  local function column(...)
    local rows = { "customer,v\n" }
    for i, value in ipairs { ... } do
      rows[i + 1] = i .. "," .. value .. "\n"
    end
    local d = assert(load.dataset { path = folder { ["x.csv"] = table.concat(rows) } })
    return d.people.column.v, d
  end

  it("do not keep a column from being one of numbers, flags or dates", function()
    local cases = {
      integer = { "1", "NULL", "3" }, number = { "1.5", "\\N", "-" },
      flag = { "yes", "无", "no" }, date = { "2024-01-01", "N/A", "2024-01-02" },
    }
    for type, values in pairs(cases) do
      local c, d = column(table.unpack(values))
      assert.are.equal(type, c.type)
      assert.are.equal(type == "number" and 2 or 1, c.missing)
      assert.matches("taken as missing values: '", d.note[1], 1, true)
    end
  end)

  it("are labels among labels, and where nothing else is", function()
    local c, d = column("A", "-", "1")
    assert.are.same({ "label", 0, 3 }, { c.type, c.missing, c.labels })
    assert.is_nil(d.note[1]:find("missing", 1, true))
    c = column("NULL", "NULL")
    assert.are.same({ "label", 0, 1 }, { c.type, c.missing, c.labels })
  end)

  it("are written into the dataset.json that is printed, which then says the same", function()
    local rows = SALES .. "A,2024-01-02,1,NULL,-\nB,2024-01-03,2,\\N,x\n"
    local bare = assert(load.dataset { path = sales(rows) })
    assert.matches('"margin": {"type":"money","missing":["NULL","\\\\N"]}', bare.description, 1,
      true)
    assert.is_nil(bare.description:match('"note": {[^}]*missing'))
    local said = assert(load.dataset { path = sales(rows, bare.description) })
    assert.are.equal(bare.transactions.hash, said.transactions.hash)
    assert.are.equal(bare.description, said.description)
  end)

  it("where a declared type rejects them, the message says what to write", function()
    local path = sales(SALES .. "A,2024-01-02,1,NULL,x\nB,2024-01-02,1,2,x\n",
      described(nil, '"margin": "money"'))
    local d = assert(load.dataset { path = path })
    assert.are.equal("margin 'NULL': no amount; if there is no value, write " ..
      '"missing":["NULL"] into ' .. path .. "/dataset.json", d.source[1].rejects[1].text)
  end)

  it("that stand in a required column reject the row as empty", function()
    local d = assert(load.dataset {
      path = sales(SALES .. "A,NULL,1,1,x\nB,2024-01-02,-,2,x\nC,2024-01-02,1,2,x\n"),
    })
    assert.are.same({ ["empty field"] = 2 }, d.source[1].reasons)
  end)
end)
