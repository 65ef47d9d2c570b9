-- Errors, protected calls, load and the debug library.
print(pcall(error, "text", 0))
print(type(select(2, pcall(error, {1}))))
print(select("#", pcall(error)))
print(pcall(function() error("at level 1") end))
print(pcall(function() local function f() error("at level 2", 2) end f() end))
print(pcall(function() return 1 + {} end))
print(pcall(function() return #5 end))
print(pcall(function() return nil .. "x" end))
print(pcall(function() undefined_function() end))
print(pcall(function() local t = {} t.a.b = 1 end))
print(pcall(function() return 1 < "2" end))
print(pcall(function() return {} < {} end))
print(pcall(function() return 1 // 0 end))
print(pcall(function() return 1 % 0 end), 1 // 0.0, -1 % 0.0 ~= -1 % 0.0)
print(pcall(function() return 2^53 | 0.5 end))
print(pcall(function() return "a" | 1 end))
print(pcall(setmetatable, 1, {}))
print(pcall(string.rep))
print(pcall(ipairs))
print(pcall(next, {}, "no key"))
print(pcall(rawset, {}, nil, 1))
print(pcall(function() for i = 1, 10, 0 do end end))
print(xpcall(function() error("handled") end, function(m) return "handler: " .. m end))
print(xpcall(function(...) return select("#", ...) end, print, 1, 2, 3))
print((select(2, xpcall(function() error("traced") end, debug.traceback)):gsub("\n.*", "")))
local function overflow() return 1 + overflow() end
local ok, message = pcall(overflow)
print(ok, (tostring(message):gsub("\n.*", ""):gsub("^.*: ", "")))
print(pcall(string.gsub, ("a"):rep(300000), ("a?"):rep(300000) .. "b", ""))
for i = 1, 20000 do pcall(error, i) end
print("20000 errors caught")
print(assert(1, "unused"), pcall(assert, false, "asserted"), pcall(assert, nil))
warn("@on")

print(load("return 1 + 1")())
print(load("syntax error here"))
print(load("x ="))
print(load("goto nowhere"))
print(load("return ...", "chunk", "t", {})(7))
print(load(string.dump(function(a) return a * 2 end), "dump", "b")(21))
print(load("\27Lua", "binary", "t"))
local parts = {"return ", "'from ", "parts'"}
local i = 0
print(load(function() i = i + 1 return parts[i] end)())
print(pcall(load, 1))
local environment = {}
load("created = 5", "=chunk", "t", environment)()
print(environment.created, created)
print(pcall(dofile, "missing file.lua"))
print(loadfile("missing file.lua"))
print(pcall(require, "missing.module") == false, package.config:sub(1, 1), type(package.searchers), package.loaded.string == string)
print(package.searchpath("missing", "./?.lua"))
package.preload.made = function(name, where) return {name = name, where = where} end
print(require("made").name, require("made").where, require("made") == require("made"))
print((select(2, package.loadlib("missing.dll", "luaopen_missing")) ~= nil), select(3, package.loadlib("missing.dll", "luaopen_missing")))

local info = debug.getinfo(1, "Sl")
print(info.what, info.currentline, info.short_src:match("[^/\\]*$"))
local upvalue = 5
local function closure() return upvalue end
print(debug.getupvalue(closure, 1))
debug.setupvalue(closure, 1, 6)
print(closure(), debug.getlocal(1, 1) ~= nil)
local lines = 0
debug.sethook(function() lines = lines + 1 end, "l")
local _ = 1
_ = 2
debug.sethook()
print(lines)
