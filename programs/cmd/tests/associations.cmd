@echo off
rem File types, and some oddities.
assoc .lowland=LowlandTest.1
ftype LowlandTest.1="%%1" %%*
assoc .lowland
ftype LowlandTest.1
assoc .lowland=
assoc .lowland 2>&1
echo %errorlevel%
ftype LowlandTest.1=
ftype LowlandTest.1 2>&1
echo %errorlevel%
echo "on"
echo on off
for /f tokens^=2^ delims^=^" %%a in ("a"b"c") do echo [%%a]
dir not_there >listing 2>nul
for /f %%a in (listing) do if "%%a"=="Directory" echo headed
type not_there neither 2>&1
cd \\server\share 2>&1
exit /b 0
