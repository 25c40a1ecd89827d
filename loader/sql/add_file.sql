-- $1 number of the file, $2 name, $3 format, $4 bytes, $5 records read, $6 of these rejected, $7 whether they are conversations
INSERT INTO file (file, name, format, bytes, read, rejected, is_export) VALUES ($1, $2, $3, $4, $5, $6, $7)
