-- What became of the captures
-- How many could be read as a whole?
--
-- outcome   whole; partial, if not all of it could be read or judged; unreadable, if nothing could
-- captures  captures
-- share     of all captures
-- octets    what they take, as they are stored
-- entries   entries that were read
-- linted    of these, responses that were judged
SELECT outcome, count(*) AS captures, count(*) / sum(count(*)) OVER () AS share, coalesce(sum(octets), 0) AS octets,
       coalesce(sum(entries), 0) AS entries, coalesce(sum(linted), 0) AS linted
FROM captures
GROUP BY outcome
ORDER BY captures DESC, outcome;
