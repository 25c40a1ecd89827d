-- One row a tag that the file of --tags lists; gone at the commit.
CREATE TEMPORARY TABLE listed_tag (
  record bigint NOT NULL,
  tag_id text NOT NULL,
  name   text
) ON COMMIT DROP
