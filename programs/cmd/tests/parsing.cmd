@echo off
rem Quotes, carets, operators, blocks and redirections.
echo hello   world
echo "a & b" ^& c ^| d ^> e ^^ f
echo one & echo two && echo three || echo never
(echo in a block) & echo after
if 1==1 (echo yes) else (echo no)
if 1==2 (echo yes) else echo no
if 1==2 (
    echo no
) else if 2==2 (
    echo second
) else (
    echo no
)
echo joined^
 line
echo a>file.txt
echo b 1>>file.txt
type file.txt
echo err 1>&2 2>both.txt
(echo x&echo y)>file.txt
type file.txt
for /f "usebackq" %%a in ("file.txt") do echo [%%a]
echo.
echo(paren
echo:colon
echo.dot
echo text ) with ( parens
(
    echo nested (one^)
    (echo deeper)
)
) this is a remark
:: so is this
rem and this & echo never
@echo quiet
@(echo quiet block)
>>file.txt echo z
type file.txt
<file.txt set /p first=
echo first is %first%
call :echoed "quoted arg" plain,comma;semicolon=equals
echo | set /p empty=prompted
echo.
goto :end
:echoed
echo [%1] [%~1] [%2] [%3] [%4] [%5] all=%*
exit /b
:end
del file.txt both.txt 2>nul
echo done
