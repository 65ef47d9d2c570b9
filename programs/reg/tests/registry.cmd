@echo off
rem What reg.exe writes, its exit statuses, and what is in the registry then.
set key=HKCU\LowlandRegTest
call :do add %key% /v text /d "two words"
call :do add %key%\ /v number /t REG_DWORD /d 0x12 /f
call :do add %key% /v strings /t reg_multi_sz /s , /d one,two, /f
call :do add %key%\below /t REG_BINARY /d 123
echo no>answer
reg add %key% /v text /d other <answer
echo status %errorlevel%
call :do query %key%
call :do query HKEY_CURRENT_USER\LowlandRegTest\below -ve /z
call :do query %key% /s /f TWO
call :do query %key% /s /v nothing
call :do copy %key% %key%2 /s /f
call :do add %key%2 /v text /d other /f
call :do compare %key% %key%2 /s
call :do export %key% out.reg
type out.reg
call :do delete %key%2 /f
echo yes>answer
reg delete %key% /va <answer
(
echo REGEDIT4
echo [HKEY_CURRENT_USER\LowlandRegTest]
echo ; a comment
echo "good"="kept"
echo "bad"=dword:12 34
echo "spaced" = hex^(2^):41,42,\
echo   43,00
echo nonsense
echo [-HKEY_CURRENT_USER\LowlandRegTest\below]
) > in.reg
call :do import in.reg
call :do query %key%
echo regedit4> no.reg
call :do import no.reg
call :do save %key% saved.hiv
call :do save %key% saved.hiv /y
if exist saved.hiv.new echo left
if exist %SystemRoot%\regedit.exe echo regedit.exe is there
call :do delete %key% /f
call :do query %key%
rem Refused.
call :do add %key% /v a /v b
call :do add %key%\\
call :do add %key% /t REG_DWORD /d 4294967296
call :do add %key% /t REG_MULTI_SZ /d a\0\0b
call :do add \\elsewhere\HKLM\a
call :do
goto :eof
:do
echo ^> reg %*
reg %* 2>&1
if errorlevel 1 echo status %errorlevel%
