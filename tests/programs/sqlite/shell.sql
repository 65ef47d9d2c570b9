.headers on
.mode column
CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT NOT NULL, born DATE, height REAL, photo BLOB);
INSERT INTO person(name, born, height, photo) VALUES
  ('Ada', '1815-12-10', 1.65, x'00ff10'), ('Zuse', '1910-06-22', 1.8, NULL), ('Müller', '1970-01-01', 1.75, zeroblob(4)),
  ('Ωmega', '2000-02-29', 1e-3, x'');
SELECT id, name, born, height, hex(photo) FROM person ORDER BY name;
.mode csv
SELECT * FROM person;
.mode list
.separator ;
SELECT typeof(id), typeof(name), typeof(height), typeof(photo), length(name) FROM person;
.mode json
SELECT id, name FROM person WHERE id < 3;
.mode quote
SELECT name, height, photo FROM person;
.mode list
.separator |
SELECT upper('abc'), lower('ABC'), substr('hello', 2, 3), replace('aXb', 'X', '-'), trim('  x '), instr('hello', 'l'), unicode('é'), char(8364);
SELECT round(2.567, 2), abs(-3), 7 / 2, 7 % 3, 7.0 / 2, 1 << 40, 9223372036854775807 + 1, max(1, 2, 3), coalesce(NULL, 5), 1e308 * 10, -1e308 * 10;
SELECT date('2024-02-28', '+1 day'), time('12:34:56', '-1 hour'), strftime('%Y-%j %W %s', '2000-01-01'), julianday('2000-01-01'), datetime(86400, 'unixepoch'), strftime('%f', '2000-01-01 00:00:00.123');
SELECT printf('%5d|%-5s|%.3f|%e|%x|%,d', 42, 'ab', 3.14159, 12345.678, 255, 1234567);
SELECT json_extract('{"a":[1,2,{"b":"c"}]}', '$.a[2].b'), json_array(1, 'x', NULL);
WITH RECURSIVE f(n, a, b) AS (SELECT 1, 0, 1 UNION ALL SELECT n + 1, b, a + b FROM f WHERE n < 20) SELECT group_concat(a) FROM f;
SELECT name, rank() OVER (ORDER BY height DESC) FROM person ORDER BY 2;
SELECT name FROM person WHERE name LIKE '%a%' OR name GLOB 'Z*' ORDER BY 1;
CREATE INDEX by_name ON person(name);
EXPLAIN QUERY PLAN SELECT * FROM person WHERE name = 'Ada';
CREATE VIEW tall AS SELECT name FROM person WHERE height > 1.7;
SELECT * FROM tall;
CREATE TRIGGER log AFTER DELETE ON person BEGIN INSERT INTO person(name) VALUES ('was ' || old.name); END;
BEGIN;
DELETE FROM person WHERE name = 'Ada';
SELECT count(*), group_concat(name) FROM person;
ROLLBACK;
SELECT count(*) FROM person;
SAVEPOINT a; DELETE FROM person; ROLLBACK TO a; RELEASE a;
INSERT INTO person(id, name) VALUES (1, 'twice');
SELECT * FROM missing;
syntax error;
.mode insert person
SELECT id, name FROM person WHERE id = 1;
.mode list
.schema
.tables
.indexes
CREATE VIRTUAL TABLE place USING rtree(id, x0, x1, y0, y1);
INSERT INTO person SELECT NULL, name || id, born, height, photo FROM person;
.changes on
UPDATE person SET height = 1;
.changes off
PRAGMA user_version = 7;
PRAGMA user_version;
PRAGMA page_size;
PRAGMA encoding;
ATTACH 'attached.db' AS other;
CREATE TABLE IF NOT EXISTS other.t AS SELECT id FROM person;
SELECT count(*) FROM other.t;
DETACH other;
.output written.txt
SELECT 'into a file';
.output stdout
CREATE TABLE lines(line TEXT);
.import written.txt lines
SELECT * FROM lines;
.backup backup.db
.open backup.db
SELECT count(*) FROM person;
.dump lines
SELECT total_changes() >= 0, sqlite_version();
