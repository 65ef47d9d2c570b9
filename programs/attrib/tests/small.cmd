@echo off
rem attrib, more, chcp, hostname, whoami.
echo x>a.txt
attrib +r +h a.txt
attrib a.txt | findstr /r /c:"^A   HR               Z:.*a.txt$" >nul && echo shown
attrib -r a.txt 2>&1
attrib -r -h a.txt
for %%f in (a.txt) do echo %%~af
attrib not_there
echo %errorlevel%
(echo one& echo.& echo.& echo t	ab)>b.txt
more /s +1 b.txt
type b.txt | more
chcp 65001
chcp
chcp 99999 2>&1
echo %errorlevel%
hostname >h.txt
for /f %%h in (h.txt) do if /i "%%h"=="%COMPUTERNAME%" echo host
whoami >w.txt
findstr /i /c:"\\%USERNAME%" w.txt >nul && echo user
whoami /user /fo csv /nh | findstr /r /c:"S-1-" >nul && echo sid
exit /b 0
