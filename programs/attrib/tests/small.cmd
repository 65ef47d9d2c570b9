@echo off
rem attrib, more, chcp, hostname, whoami.
echo x>a.txt
attrib +r +h a.txt
attrib a.txt
attrib -r a.txt 2>&1
attrib -r -h a.txt
for %%f in (a.txt) do echo %%~af
attrib not_there
echo %errorlevel%
(echo one& echo.& echo.& echo t	ab)>b.txt
more /s +1 b.txt
more <b.txt
chcp 65001
chcp
chcp 99999 2>&1
echo %errorlevel%
hostname >h.txt
for /f %%h in (h.txt) do if /i "%%h"=="%COMPUTERNAME%" echo host
whoami >w.txt
for /f "tokens=2 delims=\" %%u in (w.txt) do if /i "%%u"=="%USERNAME%" echo user
whoami /user /fo csv /nh >w.txt
for /f "tokens=2 delims=," %%s in (w.txt) do set sid=%%~s
if "%sid:~0,4%"=="S-1-" echo sid
exit /b 0
