@echo off
rem tree: directories and files below one.
md trunk\branch\twig trunk\last
echo.>trunk\leaf.txt
echo.>trunk\branch\twig\bud.txt
cd trunk
tree /a | findstr /v ":. serial listing"
tree /a /f | findstr /v ":. serial listing"
cd last
tree | findstr /v ":. serial listing"
tree /z
echo %errorlevel%
cd ..\..
rd /s /q trunk
exit /b 0
