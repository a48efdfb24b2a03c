-- Entries that were not judged
-- Why were entries of captures passed over?
--
-- reason    why
-- entries   how many
-- share     of all entries
-- captures  captures that have such entries
WITH reasons AS (
    UNPIVOT (SELECT skipped_no_response AS "no response was captured",
                    skipped_not_http AS "no HTTP exchange",
                    skipped_synthetic AS "the client made the response up",
                    skipped_repeated AS "the capture has the exchange once more",
                    skipped_unreadable AS "not the shape of an exchange",
                    skipped_fault AS "a fault of httplint" FROM captures)
    ON COLUMNS(*) INTO NAME reason VALUE skipped)
SELECT reason, sum(skipped) AS entries, sum(skipped) / (SELECT sum(entries) FROM captures) AS share,
       count(*) FILTER (skipped > 0) AS captures
FROM reasons
GROUP BY reason
HAVING sum(skipped) > 0
ORDER BY entries DESC, reason;
