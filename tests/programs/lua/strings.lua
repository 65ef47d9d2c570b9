-- The string library: formatting by the C run-time library, patterns, packing, comparison.
for _, format in ipairs{"%d", "%5d|", "%-5d|", "%05d", "%+d", "% d", "%x", "%X", "%#x", "%o", "%c", "%i", "%5.3d"} do
  print(format, string.format(format, 65))
end
for _, format in ipairs{"%e", "%.3e", "%E", "%f", "%.0f", "%#.0f", "%10.2f|", "%-10.2f|", "%+.1f", "%g", "%.3g", "%G", "%#g", "%.14g", "%.17g"} do
  print(format, string.format(format, 3.14159265358979), string.format(format, -1234567.891), string.format(format, 1e-7))
end
for _, format in ipairs{"%a", "%A"} do print(format, string.format(format, 1.5)) end
print(1e15, 1e16, 1e100, 1e-100, 0.1, 1/3, -0.0, 2^53, 123456789012.5)
print(1e300 * 1e10, -1e300 * 1e10, string.format("%5.1f %g", 1e300 * 1e10, -1e300 * 1e10))
print(tostring(0/0):lower():gsub("%-", ""))
print(string.format("%s|%10s|%-10s|%.2s|%q", "text", "right", "left", "cut", 'a "quoted"\n\0line\r'))
print(string.format("%q %q %q", 1, math.mininteger, 0.5))
print(string.format("%5s|%-5s|%5.1s|", "ab", "cd", "ef"))
print(#string.format("%099d", 7), #string.format("%.99f", 1/3))
print(pcall(string.format, "%d", 1.5))
print(pcall(string.format, "%y", 1))

print(("hello world"):upper(), ("HELLO"):lower(), ("abc"):reverse(), ("ab"):rep(3, "-"), #("x"):rep(1000000))
print(("hello"):sub(2, -2), ("hello"):sub(-3), ("hello"):byte(1, -1))
print(string.char(104, 105), ("a\0b"):len())
print(("key = value"):match("^(%w+)%s*=%s*(%w+)$"))
print(("one two  three"):gsub("%s+", "_"))
print(("abc"):gsub("", "-"), ("abc"):gsub("%w", "%0%0"), ("abc"):gsub("b", {b = "B"}), ("abc"):gsub("%w", function(c) return c ~= "b" and c:upper() end))
print(("THE (quick) fox"):find("%((%a+)%)"), ("a.b"):find(".", 1, true), ("a.b"):find("%."))
print(("f(a(b)c)d"):match("%b()"), ("THE (quick) fox"):match("%f[%a]%a+%f[%A]"), ("2026-11-22"):match("(%d+)-(%d+)-(%d+)"))
for w in ("one,two,,three"):gmatch("([^,]*)") do io.write("<", w, ">") end
print()
for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do io.write(k, v, ";") end
print(pcall(string.find, "x", "[a"), pcall(string.rep, "x", 1 << 40))

print(("%d"):rep(3, " "):format(1, 2, 3))
print(string.pack("<i4", 100):byte(1, -1))
print(string.pack(">I2 <I8 z s1", 513, 2^40 | 0, "zero", "one"):byte(1, -1))
print(string.unpack("<d", string.pack("<d", math.pi)), string.packsize("i4 i8 !8 d"))
print(string.unpack("<f n j", string.pack("<f n j", 0.5, -1.25, -7)))
print("a" < "b", "a" < "B", "Z" < "a", "a\0b" < "a\0c", "" < "a", "10" < "9")

print(tonumber("0x1p4"), tonumber("  12  "), tonumber("1e1"), tonumber("0x"), tonumber("1 2"), tonumber("z", 36), tonumber("7fffffff", 16))
print(tonumber("1e400") == math.huge, tonumber("4.9e-324"), tonumber("1.7976931348623157e308"), tonumber(".5"), tonumber("5."))
print(10 .. "", -1.0 .. "", "10" + 5, "3" * "4", 10 // 3, -10 // 3, 10 % -3, 5.5 // 1)
print(math.maxinteger, math.mininteger, math.maxinteger + 1 == math.mininteger, 1 << 62, ~0, 0xff ~ 0x0f)

print(utf8.char(72, 228, 8364, 128512), utf8.len("Hä€😀"), utf8.codepoint("€", 1), utf8.offset("Hä€", 3))
for p, c in utf8.codes("aé€") do io.write(p, ":", c, " ") end
print(utf8.len("\xff"))
