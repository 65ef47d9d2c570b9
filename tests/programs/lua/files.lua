-- The io library: modes, buffering, seeking, lines, numbers, temporary files, error messages.
local name = "lua test.txt"
local f = assert(io.open(name, "w"))
print(io.type(f), io.type(io.stdout), io.type(42))
print(f:write("first line\n", 2, " ", 2.5, "\nthird\n") == f, f:seek("cur"), f:close(), io.type(f))
print(pcall(f.write, f, "x"))
for line in io.lines(name) do io.write("[", line, "]") end
print()
for line in io.lines(name, "L") do io.write(line) end
f = io.open(name, "rb")
print(f:read("a"):byte(-3, -1))
print(f:seek("set", 0), f:read(5), f:read(0), f:seek("end"), f:read(0), f:read(1), f:read("a"), f:read("l"))
f:close()
f = io.open(name)
print(f:read("l", "n", "n", "L", "l"))
f:close()
f = io.open(name, "a")
f:write("appended\n")
f:close()
f = io.open(name, "r+")
f:write("FIRST")
f:seek("set", 0)
print(f:read("l"))
f:close()
f = io.open(name, "w+b")
f:write("\0\1\2\r\n\26\255")
print(f:seek("set", 2), f:read("a"):byte(1, -1))
f:close()
print(io.open("missing.txt"))
print(io.open("missing folder/file.txt", "w"))
print(io.open(".", "w"))
print(pcall(io.open, name, "bad"))
print(pcall(io.lines, "missing.txt"))

f = io.open(name, "wb")
print(f:setvbuf("no"), f:setvbuf("full", 1024), f:setvbuf("line"), f:flush())
for i = 1, 20000 do f:write(i, "\n") end
f:close()
local sum, count = 0, 0
for number in io.lines(name, "n") do sum = sum + number count = count + 1 end
print(sum, count)
f = io.open(name, "wb")
f:write("0x10 -7 1e2 .5 0x.8p1 nan 99")
f:close()
f = io.open(name, "rb")
print(f:read("n", "n", "n", "n", "n", "n"))
f:close()

local block = ("0123456789abcdef"):rep(4096)
f = io.open(name, "wb")
for _ = 1, 64 do f:write(block) end
print(f:seek("end"))
f:close()
f = io.open(name, "rb")
local total = 0
while true do
  local part = f:read(10007)
  if not part then break end
  total = total + #part
end
print(total, f:seek("set", 1000000), f:read(4), f:seek("cur", -4), f:read(4))
f:close()

local t = io.tmpfile()
t:write("temporary")
t:seek("set")
print(t:read("a"), t:close())
io.output(name)
io.write("through the default output")
io.close()
io.output(io.stdout)
io.input(name)
print(io.read("a"), io.read("a"), io.read("l"))
io.close(io.input())
io.input(io.stdin)
print(io.read("a") == "", io.read("l"))
do
  local closing <close> = io.open(name)
  print(closing:read(7))
end
print(os.remove(name), os.remove(name))
print(tostring(f), (tostring(io.stdout):gsub("%x%x%x%x+", "ADDRESS"):gsub("0x", "")))
