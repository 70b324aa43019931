local base = require("patron_core").base

describe("memory", function()
  it("is zeroed when it is used again, and runs what was deferred each time", function()
    assert.same({ true, 6 }, { base.again() })
  end)

  it("survives running out at every allocation, and runs what was deferred", function()
    assert.same({ 0, true, 1 }, { base.memory(0, false) })
    local failures = 0
    for n = 1, 200 do
      for _, for_good in ipairs({ false, true }) do
        local status, intact, deferred = base.memory(n, for_good)
        assert.equal(1, deferred)
        assert.is_true(status == 3 or intact)
        failures = failures + (status == 3 and 1 or 0)
      end
    end
    assert.is_true(failures > 50)
  end)
end)

describe("threads", function()
  it("do every task once, whatever their number", function()
    for _, threads in ipairs({ 1, 2, 4, 64 }) do
      for _, tasks in ipairs({ 0, 1, 3, 10000 }) do
        assert.same({ 0, "", true }, { base.parallel(threads, tasks, math.maxinteger) })
      end
    end
  end)

  it("report the error of the lowest task", function()
    for _ = 1, 50 do
      local status, text = base.parallel(4, 10000, 5000)
      assert.equal(1, status)
      assert.equal("task 5000", text)
    end
  end)
end)

describe("files", function()
  local path = os.tmpname()

  it("appear when complete, and not before", function()
    assert.equal(0, (base.file_write(path, ("line\n"):rep(50000), true)))
    assert.same({ 0, ("line\n"):rep(50000) }, { base.file_read(path) })
    assert.equal(0, (base.file_write(path, "half", false)))
    assert.equal(250000, #select(2, base.file_read(path)))
    local left = io.popen("ls " .. path .. "*"):read("a")
    assert.equal(path .. "\n", left)
  end)

  it("say what is wrong with a path", function()
    assert.same({ 1, "/nowhere/x: cannot read: No such file or directory; check the path" },
      { base.file_read("/nowhere/x") })
    assert.equal(1, (base.file_write("/nowhere/x", "", true)))
    assert.matches("^/tmp: cannot read: Is a directory", select(2, base.file_read("/tmp")))
  end)

  it("leave nothing open or behind when memory runs out", function()
    assert.equal(0, (base.file_write(path, "kept", true)))
    local failures, successes = 0, 0
    for left = 0, 256, 16 do
      for _, writes in ipairs({ false, true }) do
        local status = base.file_open(path, left, writes)
        local pipe = io.popen("ls -l /proc/$PPID/fd 2>/dev/null | grep " .. path
          .. "; grep " .. path .. " /proc/$PPID/maps; ls " .. path .. "*")
        assert.equal(path .. "\n", pipe:read("a"), "with " .. left .. " bytes left")
        pipe:close()
        failures = failures + (status == 3 and 1 or 0)
        successes = successes + (status == 0 and 1 or 0)
      end
    end
    assert.equal(34, failures + successes)
    assert.is_true(failures > 4 and successes > 4)
  end)

  it("of a folder are listed by the end of their names", function()
    local folder = os.tmpname()
    os.remove(folder)
    os.execute("mkdir " .. folder)
    for _, name in ipairs({ "b.csv", "a.csv", ".c.csv", ".csv", "d.txt", "csv" }) do
      io.open(folder .. "/" .. name, "w"):close()
    end
    assert.same({ "a.csv", "b.csv" }, base.folder(folder, ".csv"))
    assert.same({}, base.folder(folder, ".lua"))
    os.execute("rm -r " .. folder)
    assert.same({ nil, folder .. ": cannot list: No such file or directory; check the path" },
      { base.folder(folder, ".csv") })
  end)

  it("report a full device", function()
    local status, text = base.file_write("/dev/full", ("x"):rep(100000), true)
    assert.equal(3, status)
    assert.matches("No space left on device", text)
  end)
end)

describe("findings", function()
  it("come in order of place, once, and count", function()
    local list, err = base.findings({ { 0, 9, 1, "late" }, { 1, 2, 5, "warning" },
      { 0, 3, 4, "first" }, { 0, 3, 4, "first" } })
    assert.same({ "warning", "first", "late" }, list)
    assert.equal("f:9:1: late (the last of 2 errors)", err)
  end)
end)

describe("names", function()
  it("are suggested when near enough", function()
    local names = { "recency_days", "tenure_days", "clv", "orders" }
    assert.equal("recency_days", base.nearest("recencydays", names))
    assert.equal("recency_days", base.nearest("Recency_Day", names))
    assert.equal("clv", base.nearest("cvl", names))
    assert.equal("recency_days", base.nearest("recency", names)) -- too far, but begun
    assert.equal("", base.nearest("colour", names))
  end)
end)

describe("hashes", function()
  it("are SHA-256", function()
    local abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert.equal(abc, base.sha256("abc"))
  end)

  it("share out evenly and independently of each other's salt", function()
    local below, both = 0, 0
    for i = 1, 20000 do
      local a, b = base.share("a", tostring(i)) < 0.1, base.share("b", tostring(i)) < 0.1
      below = below + (a and 1 or 0)
      both = both + (a and b and 1 or 0)
    end
    assert.is_true(math.abs(below - 2000) < 4 * math.sqrt(1800))
    assert.is_true(math.abs(both - 200) < 4 * math.sqrt(198))
  end)
end)

describe("JSON text", function()
  it("escapes controls and mends bytes that are not UTF-8", function()
    assert.equal('"a\\"b\\\\c\\u000a客\xef\xbf\xbd"', base.json_text('a"b\\c\n客\xff'))
    assert.equal('"\xef\xbf\xbd\xef\xbf\xbd"', base.json_text("\xc0\x80"))
  end)
end)
