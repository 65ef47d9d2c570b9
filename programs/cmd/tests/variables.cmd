@echo off
set text=Hello World
echo %text:~0,5%-%text:~-5%-%text:~3,-3%-%text:~20%-
echo %text:World=There% %text:o=0% %text:*lo=bye% %text:l=%
echo %undefined%%undefined:~1,2%x
echo 100%% sure 50%
set "quoted=a & b"
echo "%quoted%"
set spaced = value
echo [%spaced %]
setlocal enabledelayedexpansion
set v=1
(set v=2& echo %v% !v!)
set list=
for %%a in (a b "c d" e,f;g=h) do set list=!list![%%a]
echo !list!
set bang=x^^!y
echo !bang! ^^!
echo no^caret
set n=0
for /l %%i in (1,2,9) do set /a n+=%%i
echo !n! !text:~0,1! !text:World=There!
set name=text
echo !%name%! !undefined!.
endlocal
if defined v (echo defined) else echo undefined
set p=C:\dir with space\file.name.ext
for %%f in ("%p%") do echo %%~f,%%~df,%%~pf,%%~nf,%%~xf,%%~nxf,%%~dpf
call :args "C:\a b\c.txt" second
goto :eof
:args
echo %~1 %~d1 %~p1 %~n1 %~x1 %~dpnx1
echo %~2 %0 %~nx0
shift
echo %1 [%2]
set a=b
set b=value
call echo %%%a%%% %%b%%
set /a x=(3+4)*2, y=x/3, z=-7%%3, h=0x1F, o=017
echo %x% %y% %z% %h% %o%
set /a "m=1<<4|3, k=~5, l=!0, s=-16>>2, c=5^3"
echo %m% %k% %l% %s% %c%
set /a big=2147483647+1
echo %big%
set /a n=08 2>nul || echo bad number
set /a 1/0 2>nul || echo division by zero
set /a 1+ 2>nul || echo no operand
set /a (1 2>nul || echo parenthesis
exit /b 3
