@echo off
rem FOR in all its forms.
mkdir tree\one tree\two & cd tree
echo 1 >a.txt
echo 2 >b.txt
echo 3 >one\c.txt
for %%f in (*.txt) do echo %%f
for %%f in (*.none) do echo never
for /d %%d in (*) do echo dir %%d
for /r %%f in (*.txt) do echo %%~nxf
for /r %%d in (.) do echo %%~nxd
for /l %%n in (3,-1,1) do echo %%n
for /l %%n in (1,1,0) do echo never
for %%a in (1,2;3=4 "5 6") do echo %%~a
for %%a in (x
  y
  z) do echo %%a
cd ..
(echo one two three& echo ;comment& echo.& echo four,five)>lines
for /f %%a in (lines) do echo %%a
for /f "tokens=1,2*" %%a in ("a b c d e") do echo %%a-%%b-%%c
for /f "tokens=2,4-5 delims=," %%a in ("1,2,3,4,5,6") do echo %%a %%b %%c
for /f "skip=1 eol=f tokens=*" %%a in (lines) do echo [%%a]
for /f "usebackq delims=" %%a in (`echo from a command`) do echo [%%a]
for /f "delims=" %%a in ('echo one ^& echo two') do echo [%%a]
for /f "usebackq tokens=1*" %%a in ('string with words') do echo %%a/%%b
for /f "tokens=1,1,1,2*" %%i in ("a b c d") do echo i=%%i j=%%j k=%%k m=%%m n=%%n
for /f "tokens=1-32" %%a in ("x") do echo never
for %%a in (1 2) do for %%b in (x y) do echo %%a%%b
for %%a in (1 2 3) do (
    if %%a==2 goto :out
    echo %%a
)
:out
for %%a in (outer) do call :sub
for /f "delims=" %%a in ("%~f0") do echo %%~nxa
del lines & rd /s /q tree
exit /b 0
:sub
echo %%a
for %%b in (inner) do echo %%a %%b
