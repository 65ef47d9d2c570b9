@echo off
rem forfiles, and what compares, replaces and substitutes files and waits.
md d\e & echo one>d\one.txt& echo two>d\e\two.log
forfiles /p d /s /c "cmd /c echo @file @fname @ext @relpath @isdir @fsize 0x22x0x22"
forfiles /p d /m *.txt /d -1 2>nul
echo %errorlevel%
echo one>d\same.txt& echo onE>d\case.txt
comp d\one.txt d\same.txt /m
echo %errorlevel%
comp d\one.txt d\case.txt /m /d
echo %errorlevel%
md t & echo old>t\one.txt
replace d\*.txt t
replace d\case.txt t /a
replace d\no.txt t 2>nul
echo %errorlevel%
subst q: d
subst
if exist q:\one.txt echo there
subst q: /d
if not exist q:\one.txt echo gone
start /b waitfor /t 20 ready >waited.txt
for /l %%i in (1,1,100) do waitfor /si ready >nul 2>nul && goto :sent
:sent
waitfor /t 1 never 2>nul
echo %errorlevel%
find "SUCCESS" <waited.txt
