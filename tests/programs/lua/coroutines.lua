-- Coroutines, and errors (setjmp and longjmp of the C run-time library) across them.
local function count(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end return "end" end) end
for i in count(3) do io.write(i, " ") if i == "end" then break end end
print()
local co = coroutine.create(function(a, b)
  print("started", a, b, coroutine.isyieldable(), coroutine.status(coroutine.running()))
  local c = coroutine.yield(a + b)
  local d, e = coroutine.yield(c * 2)
  return d .. e
end)
print(coroutine.status(co), coroutine.resume(co, 1, 2))
print(coroutine.status(co), coroutine.resume(co, 10))
print(coroutine.resume(co, "x", "y"))
print(coroutine.status(co), coroutine.resume(co))

co = coroutine.create(function() local x = nil; return x.field end)
print(coroutine.resume(co))
print(coroutine.close(co), coroutine.status(co))
co = coroutine.create(function() error({code = 7}) end)
local ok, err = coroutine.resume(co)
print(ok, type(err), err.code)
co = coroutine.create(function() pcall(function() coroutine.yield("across pcall") error("inner") end) return "after" end)
print(coroutine.resume(co))
print(coroutine.resume(co))
co = coroutine.create(function()
  local guard <close> = setmetatable({}, {__close = function() print("closed") end})
  coroutine.yield(1)
end)
coroutine.resume(co)
print(coroutine.close(co))
print(pcall(coroutine.wrap(function() error("from wrap") end)))
print(select(2, coroutine.resume(coroutine.create(function() return coroutine.yield(select("#", coroutine.running())) end))))

local function permutations(a, n)
  n = n or #a
  if n <= 1 then coroutine.yield(a) return end
  for i = 1, n do
    a[n], a[i] = a[i], a[n]
    permutations(a, n - 1)
    a[n], a[i] = a[i], a[n]
  end
end
for p in coroutine.wrap(function() permutations{"a", "b", "c"} end) do io.write(table.concat(p), " ") end
print()

local ring = {}
for i = 1, 1000 do ring[i] = coroutine.wrap(function(v) while true do v = coroutine.yield(v + 1) end end) end
local v = 0
for _ = 1, 20 do for i = 1, 1000 do v = ring[i](v) end end
print(v)
local function deep(n) if n == 0 then return coroutine.yield("bottom") end return 1 + deep(n - 1) end
co = coroutine.create(deep)
print(coroutine.resume(co, 5000))
print(coroutine.resume(co, 0))
local function nest(n)
  if n == 0 then error("from the depth") end
  local c = coroutine.create(nest)
  local ok, e = coroutine.resume(c, n - 1)
  error(e, 0)
end
print(pcall(nest, 50))
