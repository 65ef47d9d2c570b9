@echo off
rem What commands return and what they do to ERRORLEVEL, in a .cmd file.
setlocal enabledelayedexpansion
call :set 0 && echo SUCCESS !errorlevel! || echo FAILURE !errorlevel!
call :set 33 && echo SUCCESS !errorlevel! || echo FAILURE !errorlevel!
call :set 666 & (echo foo >> h:\not\there.txt && echo SUCCESS || echo FAILURE !errorlevel!) 2>nul
call :set 666 & (echo foo >> h:\not\there.txt) 2>nul & echo ERRORLEVEL !errorlevel!
call :set 666 & ((if 1==0 echo x) && echo SUCCESS !errorlevel!)
call :set 666 & ((for %%i in () do echo x) && echo SUCCESS !errorlevel!)
call :set 666 & ((for %%i in (a) do call :set 33) || echo FAILURE !errorlevel!)
call :set 666 & (not\there.exe 2>nul || echo FAILURE !errorlevel!)
call :set 666 & not_there.exe 2>nul & echo ERRORLEVEL !errorlevel!
mkdir dir & echo x>dir\file
call :set 666 & (rmdir dir 2>nul || echo FAILURE !errorlevel!)
call :set 666 & rmdir dir 2>nul & echo ERRORLEVEL !errorlevel!
call :set 666 & (rmdir dir\file 2>nul || echo FAILURE !errorlevel!)
call :set 666 & (del dir\file && echo SUCCESS !errorlevel!)
call :set 666 & (rmdir dir && echo SUCCESS !errorlevel!)
call :set 666 & (rmdir dir 2>nul || echo FAILURE !errorlevel!)
call :set 666 & (popd || echo FAILURE !errorlevel!)
call :set 666 & popd & echo ERRORLEVEL !errorlevel!
call :set 666 & (cd . && echo SUCCESS !errorlevel!)
call :set 666 & (type not_there 2>nul || echo FAILURE !errorlevel!)
call :set 666 & (set not_there 2>nul || echo FAILURE !errorlevel!)
call :set 666 & (set x=1&& echo SUCCESS !errorlevel!)
call :set 666 & (title x&& echo SUCCESS !errorlevel!)
call :set 666 & (ver >nul && echo SUCCESS !errorlevel!)
call :set 666 & (verify foo 2>nul || echo FAILURE !errorlevel!)
call :set 666 & (shift /abc 2>nul || echo FAILURE !errorlevel!)
call :set 666 & (pause <nul >nul || echo FAILURE !errorlevel!)
call :set 666 & (c: && echo SUCCESS !errorlevel!)
call :set 666 & (1: 2>nul || echo FAILURE !errorlevel!)
(call )
echo %errorlevel%
(call)
echo %errorlevel%
cmd /c exit 1024 || echo FAILURE !errorlevel!
(echo a| cmd /c exit 5) || echo FAILURE !errorlevel!
if errorlevel 5 if not errorlevel 6 echo five
call :goes & echo !errorlevel!
exit /b 77
:goes
call :set 12
goto :eof
:set
exit /b %1
