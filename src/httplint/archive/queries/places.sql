-- Where it is
-- Which captures are behind a row? Those of the variables rule, host and server, as far as they are set.
--
-- severity  error, warning or info
-- rule      id of the rule
-- capture   the capture
-- member    member of a packed capture
-- entry     number of the entry, from 0
-- line      line of the entry, from 1
-- at        column of the entry, from 1
-- day       day on which the exchange began
-- host      the host that was asked
-- method    request method
-- path      path template
-- status    status code
-- server    product of the Server field
-- message   what was seen and expected
SELECT severity, rule, capture, member, entry, line, "column" AS at,
       CAST(started AT TIME ZONE 'UTC' AS DATE) AS day, host, method, path, status, server, message
FROM findings
WHERE suppressed IS NULL
  AND list_position(['error', 'warning', 'info'], severity)
      <= list_position(['error', 'warning', 'info'], getvariable('severity'))
  AND (getvariable('rule') IS NULL OR rule = CAST(getvariable('rule') AS VARCHAR))
  AND (getvariable('host') IS NULL OR host = CAST(getvariable('host') AS VARCHAR))
  AND (getvariable('server') IS NULL OR server = CAST(getvariable('server') AS VARCHAR))
ORDER BY list_position(['error', 'warning', 'info'], severity), rule, capture, member, entry, line, at_field, message;
