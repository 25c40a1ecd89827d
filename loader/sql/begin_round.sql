-- $1 number of the round
UPDATE run SET round = $1
