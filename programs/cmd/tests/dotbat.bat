@echo off
rem In a .bat file SET, PATH and PROMPT leave ERRORLEVEL alone.
setlocal enabledelayedexpansion
call :set 666 & (set x=1&& echo SUCCESS !errorlevel!)
call :set 666 & (path >nul && echo SUCCESS !errorlevel!)
call :set 666 & (prompt $P$G&& echo SUCCESS !errorlevel!)
call :set 666 & (cd . && echo SUCCESS !errorlevel!)
echo %~n0 %~x0
exit /b 0
:set
exit /b %1
