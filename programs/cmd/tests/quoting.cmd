@echo off
rem The quotation marks of /c: kept around a program's name, else the outer pair goes.
copy ..\cmd.exe "a program.exe" >nul
cmd /c echo "a" "b"
cmd /c "echo a & echo b"
cmd /c "echo "quoted" words"
"a program.exe" /c exit 6
echo %errorlevel%
cmd /c "a program.exe" /c exit 7
echo %errorlevel%
cmd /c ""a program.exe" /c exit 8"
echo %errorlevel%
cmd /s /c " echo "x" "
cmd /cecho no blank
cmd /v:on /c "set x=1& echo !x!"
cmd /v:off /c "echo !x!"
cmd /c echo %%undefined%% stays
cmd /c for %%i in (1 2) do @echo %%i
cmd /c exit /b 9
echo %errorlevel%
cmd /c rd nothing 2>nul
echo %errorlevel%
del "a program.exe"
