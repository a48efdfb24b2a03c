-- Over time
-- How does conformance change? By day, month or year, as many as there are.
--
-- period             day, month or year in which the exchanges began, in UTC; empty: not known
-- responses          responses that were linted
-- with_errors        of these, how many have an error
-- error_share        of the responses of the period
-- with_warnings      of these, how many have a warning
-- warning_share      of the responses of the period
-- hosts              hosts that were asked
-- hosts_with_errors  of these, how many have a response with an error
-- host_share         of the hosts of the period
-- few                whether its responses are too few for shares to say much
SELECT period_of(day) AS period, sum(count) AS responses,
       sum(with_errors) AS with_errors, sum(with_errors) / sum(count) AS error_share,
       sum(with_warnings) AS with_warnings, sum(with_warnings) / sum(count) AS warning_share,
       count(DISTINCT host) AS hosts, count(DISTINCT host) FILTER (with_errors > 0) AS hosts_with_errors,
       hosts_with_errors / nullif(hosts, 0) AS host_share, sum(count) < getvariable('least') AS few
FROM responses
GROUP BY period
ORDER BY period NULLS LAST;
