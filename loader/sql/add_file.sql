-- $1 number of the file, $2 name, $3 format, $4 bytes, $5 records read, $6 of these rejected
INSERT INTO file (file, name, format, bytes, read, rejected) VALUES ($1, $2, $3, $4, $5, $6)
