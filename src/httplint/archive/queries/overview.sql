-- The archive
-- What was linted, and how much of it conforms? What is suppressed (waived, or of other hosts) is counted apart.
--
-- captures       captures
-- entries        entries that they have
-- responses      responses that were linted: of these, all shares are
-- hosts          hosts that were asked
-- first_day      the first day on which an exchange began
-- last_day       the last one
-- with_errors    responses that have an error
-- error_share    of the responses that were linted
-- with_warnings  responses that have a warning
-- warning_share  of the responses that were linted
-- findings       errors, warnings and infos
-- suppressed     findings that do not count
-- dead_letters   what could not be read or judged
-- repeated       captures that are there more than once, and so count more than once
-- httplint       the version that linted them, or several
SELECT captures, entries, responses, hosts, first_day, last_day,
       with_errors, with_errors / nullif(responses, 0) AS error_share,
       with_warnings, with_warnings / nullif(responses, 0) AS warning_share,
       findings, suppressed, dead_letters, captures - named AS repeated, httplint
FROM (SELECT count(*) AS captures, count(DISTINCT capture) AS named, coalesce(sum(entries), 0) AS entries,
             coalesce(sum(errors + warnings + infos), 0) AS findings, coalesce(sum(suppressed), 0) AS suppressed,
             string_agg(DISTINCT httplint, ', ' ORDER BY httplint) AS httplint
      FROM captures),
     (SELECT coalesce(sum(count), 0) AS responses, count(DISTINCT host) AS hosts, min(day) AS first_day,
             max(day) AS last_day, coalesce(sum(with_errors), 0) AS with_errors,
             coalesce(sum(with_warnings), 0) AS with_warnings
      FROM responses),
     (SELECT count(*) AS dead_letters FROM dead_letters);
