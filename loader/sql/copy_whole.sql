COPY stage FROM STDIN (FORMAT binary) -- all columns
