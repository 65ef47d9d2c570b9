@echo off
rem New names by patterns, owners in listings, labels that are not there.
echo one>a1.txt& echo two>a2.txt& echo dots>b.c.d
ren *.txt *.bak
ren a?.bak c?x.*
ren b.c.d *.e
dir /b c* b*
ren c1x.bak longer*.t
dir /b l*
dir /q b.c.e | findstr /r "\\.* *b.c.e$" >nul && echo owner
call :missing 2>nul
echo %errorlevel%
rem Text without an end, and a list into a pipe.
<nul set /p =no& <nul set /p "= newline"
echo.
cmd /c exit 65
echo %=ExitCode% %=ExitCodeAscii%
set names_test=1
set names_ | find "test"
