-- What could not be read or judged
-- Which captures are broken, and how?
--
-- kind      unreadable, broken, limit, fault or lost, as the table of dead letters has it
-- cause     what was wrong
-- times     how often
-- captures  in how many captures
-- capture   one of these
SELECT kind, cause, count(*) AS times, count(DISTINCT capture) AS captures, min(capture) AS capture
FROM dead_letters
GROUP BY kind, cause
ORDER BY times DESC, kind, cause;
