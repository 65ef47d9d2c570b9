@echo off
rem choice: keys out of a pipe.
echo n| choice
echo %errorlevel%
echo xb| choice /c abc /n /m "Which?"
echo %errorlevel%
echo AB| choice /c:ab /cs 2>&1
echo %errorlevel%
echo x| choice 2>&1
echo %errorlevel%
choice /c aa 2>&1
choice /t 3 2>&1
choice /t 3 /d x 2>&1
echo %errorlevel%
exit /b 0
