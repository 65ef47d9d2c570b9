-- Tables, their library and metatables.
local t = {5, 3, 8, 1, 9, 2}
table.sort(t)
print(table.concat(t, " "))
table.sort(t, function(a, b) return a > b end)
print(table.concat(t, ","), table.concat(t, ",", 2, 4))
table.insert(t, 7)
table.insert(t, 1, 0)
print(table.remove(t), table.remove(t, 1), table.concat(t, " "))
print(table.unpack({1, 2, 3}, 2), select("#", table.unpack({}, 1, 5)), table.pack(1, nil, 3).n)
print(table.concat(table.move({1, 2, 3}, 1, 3, 2), " "), #table.move({1, 2, 3}, 1, 3, 3, {}))
print(pcall(table.sort, {3, 1, "x"}))
print(pcall(table.concat, {1, {}, 3}))
print(pcall(table.insert, {1, 2}, 5, 1))

local big, sum = {}, 0
for i = 1, 200000 do big[i] = (i * 7919) % 200003 end
table.sort(big)
local sorted = true
for i = 2, #big do sorted = sorted and big[i - 1] <= big[i] end
print(#big, sorted, big[1], big[#big])
local words = {}
for i = 1, 5000 do words[i] = string.format("%x", (i * 2654435761) % 4294967296) end
table.sort(words)
print(words[1], words[2500], words[5000])

local keys = {}
for i = 1, 10000 do keys["key" .. i] = i end
for i = 1, 10000, 3 do keys["key" .. i] = nil end
local n = 0
for _ in pairs(keys) do n = n + 1 end
print(n, next({}), rawlen({1, 2}), rawequal(keys, keys), #"abc")

local vector = {}
vector.__index = vector
vector.__add = function(a, b) return setmetatable({x = a.x + b.x}, vector) end
vector.__eq = function(a, b) return a.x == b.x end
vector.__lt = function(a, b) return a.x < b.x end
vector.__le = function(a, b) return a.x <= b.x end
vector.__tostring = function(a) return "vector(" .. a.x .. ")" end
vector.__len = function() return 42 end
vector.__call = function(_, ...) return select("#", ...) end
vector.__concat = function(a, b) return tostring(a) .. "+" .. tostring(b) end
vector.__unm = function(a) return setmetatable({x = -a.x}, vector) end
vector.__close = function(a) print("closed", a.x) end
vector.__name = "vector"
local a, b = setmetatable({x = 1}, vector), setmetatable({x = 2}, vector)
print(tostring(a + b), a == b, a < b, a <= b, #a, a(1, 2, 3), a .. b, tostring(-a))
do
  local first <close> = a
  local second <close> = b
  local constant <const> = 5
  print("in the block", constant)
end
local proxy = setmetatable({}, {__index = function(_, k) return k .. "!" end, __newindex = function(t, k, v) rawset(t, k, v * 2) end})
proxy.five = 5
print(proxy.missing, proxy.five, rawget(proxy, "missing"))
for k, v in pairs(setmetatable({}, {__pairs = function() return function(_, k) if not k then return 1, "from __pairs" end end end})) do print(k, v) end

local weak = setmetatable({}, {__mode = "k"})
weak[{}] = 1
local kept = {}
weak[kept] = 2
collectgarbage()
n = 0
for _ in pairs(weak) do n = n + 1 end
print("weak entries", n)
local finalized = 0
for _ = 1, 100 do setmetatable({}, {__gc = function() finalized = finalized + 1 end}) end
collectgarbage()
print("finalized", finalized, collectgarbage("count") > 100, collectgarbage("isrunning"))
collectgarbage("generational")
for i = 1, 100000 do local _ = {i} end
collectgarbage("incremental")
print(math.type(1), math.type(1.0), math.type("1"), math.tointeger(3.0), math.ult(1, -1), math.fmod(-5, 3), math.modf(-2.5))
print(math.floor(-2.5), math.ceil(-2.5), math.abs(-3), math.max(1, 2.5), math.min(3, 2), math.sqrt(2), math.exp(1), math.log(8, 2), math.log(100, 10), math.log(10))
print(string.format("%.10f %.10f %.10f %.10f %.10f %.10f", math.sin(1), math.cos(1), math.tan(1), math.asin(0.5), math.acos(0.5), math.atan(1, 2)))
print(2^0.5, 2^-1, 10^2, 7.0 % 2.5, -7 % 2.5, 1e308 + 1e308 == math.huge)
math.randomseed(42)
local r = math.random(1, 6)
print(r >= 1 and r <= 6, math.random() < 1, pcall(math.random, 2, 1))
