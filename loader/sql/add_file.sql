-- $1 number of the file, $2 name, $3 format, $4 bytes, $5 records read, $6 of these rejected, $7 ignored, $8 whether they are
-- conversations, $9 and on the zones that it names for naive times; NULL where it names none
INSERT INTO file (file, name, format, bytes, read, rejected, ignored, is_export, zones)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, ARRAY[$9, $10, $11, $12, $13]::text[])
