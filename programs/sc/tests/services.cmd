@echo off
rem sc and net: a service from its creation to its removal.
sc query LowlandScTest
echo %errorlevel%
for %%f in (..\service.exe) do sc create LowlandScTest binPath= "%%~ff" start= demand DisplayName= "Lowland's test"
sc config LowlandScTest start= auto error= ignore
sc qc LowlandScTest | findstr "START_TYPE ERROR_CONTROL DISPLAY_NAME DEPENDENCIES"
net stop LowlandScTest 2>&1
echo %errorlevel%
net start "Lowland's test"
sc query LowlandScTest
net start LowlandScTest 2>&1
net start | find "Lowland's test"
sc queryex LowlandScTest | findstr /r "PID.*[1-9]" >nul && echo running
net stop LowlandScTest
sc start LowlandScTest >nul && echo started
sc stop LowlandScTest >nul && echo stopping
sc delete LowlandScTest
sc config nothing start= auto
net start nothing 2>&1
sc create x type= wrong 2>&1
exit /b 0
