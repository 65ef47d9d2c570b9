@echo off
rem fc: lines and bytes.
(echo one& echo two& echo three& echo four& echo five)>a.txt
(echo one& echo two& echo 3& echo four& echo five)>b.txt
(echo ONE& echo two  & echo three& echo added& echo four& echo five)>c.txt
fc a.txt a.txt
echo %errorlevel%
fc a.txt b.txt
echo %errorlevel%
fc /c /w /n a.txt c.txt
fc /b a.txt b.txt
fc a.txt not_there 2>&1
echo %errorlevel%
exit /b 0
