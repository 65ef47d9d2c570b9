@echo off
rem tasklist and taskkill.
tasklist /fi "imagename eq nothing.exe"
tasklist /nh /fo csv /fi "imagename eq cmd.exe" | find "cmd.exe" >nul && echo listed
tasklist /v /fo csv /fi "imagename eq cmd.exe" /fi "status eq running" /fi "username eq %username%" | find "0:00:" >nul && echo details
tasklist /m ntdll* /nh /fi "imagename eq cmd*" | find "KERNEL32" /i >nul && echo modules
tasklist /svc | find "PID Services"
tasklist /bad 2>&1
taskkill /im nothing.exe 2>&1
echo %errorlevel%
taskkill 2>&1
copy ..\cmd.exe victim.exe >nul
start /b victim.exe /c "for /l %%n in (1,1,100000000) do rem"
taskkill /f /im victim.exe | findstr /b /c:"SUCCESS: The process \"victim.exe\" with PID" >nul && echo ended
taskkill /f /im victim.exe 2>&1
exit /b 0
