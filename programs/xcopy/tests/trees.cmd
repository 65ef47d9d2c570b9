@echo off
rem xcopy: trees, new names, what is left out.
mkdir from\one\two from\empty
echo 1 >from\a.txt
echo 2 >from\one\b.txt
echo 3 >from\one\two\c.log
echo 4 >from\hidden.txt
attrib +h from\hidden.txt
xcopy from to /i
dir /b to
xcopy from to /s /y /q
dir /b to
xcopy from all /e /i /h /f /exclude:no_list 2>&1
echo %errorlevel%
echo .log>list
xcopy from all\ /e /h /exclude:list
dir /b /a all
echo changed >to\a.txt
echo n>answer
xcopy from\a.txt to <answer
type to\a.txt
xcopy /y from\a.txt to\
type to\a.txt
echo f>answer
xcopy from\a.txt new.txt <answer
type new.txt
xcopy /t from tree /i
dir /b /s tree
xcopy from from\one /s 2>&1
xcopy not_there to 2>&1
echo %errorlevel%
xcopy /l /s from\*.log to
xcopy from\a.txt to /d /y
exit /b 0
