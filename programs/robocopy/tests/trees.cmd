@echo off
rem Trees made alike: classes, counts and exit statuses.
md a\sub\deep a\empty b
echo one>a\one.txt
echo two!>a\sub\two.txt
echo x>a\sub\deep\skip.log
echo extra>b\extra.txt
md b\gone\more
echo in>b\gone\more\in.txt
robocopy a b /s /np /njh /njs /ns /xf *.log
echo status %errorlevel%
if not exist b\empty if not exist b\sub\deep echo no empty ones
robocopy a b /e /np /njh /njs /v /xx /ns
echo status %errorlevel%
if exist b\empty if exist b\sub\deep\skip.log echo all
robocopy a b /mir /np /njh >out.txt
for /f "tokens=1* delims=: " %%a in (out.txt) do for %%t in (Dirs Files Bytes) do if %%a==%%t echo %%a %%b
if not exist b\gone if not exist b\extra.txt echo mirrored
echo longer text>b\one.txt
robocopy a b one.txt /xo /xn /xc /np /njh /njs /nfl /ndl
echo excluded %errorlevel%
type b\one.txt
robocopy a c /e /move /np /ndl /njh /njs /xd deep
echo moved %errorlevel%
dir /s /b /a-d a c
robocopy nowhere c /njh >out.txt
echo fatal %errorlevel%
for /f "tokens=3-5" %%a in (out.txt) do if %%a==ERROR echo %%b %%c
robocopy a c /nosuch
robocopy c d one.* nosuch.* /log:log.txt /njs /np /r:1 /w:1 /a+:r /nc
for /f "tokens=1* delims=: " %%a in (log.txt) do if %%a==Options echo %%b
for /f "skip=14 delims=" %%a in (log.txt) do echo %%a
attrib d\one.txt
rem Nothing goes that isn't extra, and nothing that was not copied.
md m o
echo kept>o\kept.txt
mklink /j m\link o >nul
robocopy c m /mir /np /njh /njs /nfl /ndl >nul
if not exist m\link echo link gone
robocopy m m\in /e /np /njh /njs /nfl /ndl >nul
if not exist m\in\in if exist m\in\sub\two.txt echo not in itself
robocopy o n /mov /create /np /njh /njs /nfl /ndl >nul
type o\kept.txt
