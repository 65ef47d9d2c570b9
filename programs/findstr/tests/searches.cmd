@echo off
rem find, findstr, sort and where.
(echo Hello World& echo hello there& echo.& echo a.b& echo "quoted"& echo tab	x& echo word1 words)>t.txt
find /i /n "HELLO" t.txt
find /c /v "" t.txt
find """quoted" <t.txt
find "nothing" t.txt
echo %errorlevel%
find "x" not_there.txt 2>&1
echo %errorlevel%
find x t.txt 2>&1
echo %errorlevel%
findstr /i /n "hello" t.txt
findstr "World there" t.txt
findstr /r "^h.*e$" t.txt
findstr /b /l "a." t.txt
findstr /x /c:"a.b" /c:"Hello World" t.txt
findstr "\<words" t.txt
findstr /r [0-9] t.txt
findstr /v /i "o b \"quoted tab" t.txt
findstr /m Hello *.txt
findstr "a\.b" t.* 
findstr nothing t.txt || echo none %errorlevel%
findstr x not_there 2>&1
echo %errorlevel%
(echo b 2& echo A 3& echo a 1& echo C 0)>s.txt
sort <s.txt
sort /r /+3 s.txt
echo unsorted> u.txt & echo a>>u.txt & sort u.txt /o u.txt & type u.txt
copy t.txt here.cmd >nul
where here
where /q no_such_program && echo wrong
where no_such_program 2>&1
where /r . t.txt
timeout /t 1 <nul 2>&1
chcp
exit /b 0
