@echo off
rem setx: variables of programs to come.
setx LOWLAND_SETX "two words"
setx LOWLAND_PATH %%LOWLAND_SETX%%\bin >nul
reg query HKCU\Environment /v LOWLAND_SETX | find "REG_SZ" >nul && echo kept
reg query HKCU\Environment /v LOWLAND_PATH | find "REG_EXPAND_SZ" >nul && echo expanded later
if not defined LOWLAND_SETX echo not for this one
setx LOWLAND_SETX 2>&1
echo %errorlevel%
reg delete HKCU\Environment /v LOWLAND_SETX /f >nul
reg delete HKCU\Environment /v LOWLAND_PATH /f >nul
exit /b 0
