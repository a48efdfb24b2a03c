-- Most broken rules
-- Which rules are broken on the most responses? A response counts once for a rule, however often it breaks it.
--
-- rule           id of the rule
-- severity       error, warning or info
-- responses      responses that break it
-- share          of the responses that were linted
-- hosts          hosts that break it
-- host_share     of the hosts that were asked
-- findings       how often it is broken in all
-- unknown_share  of the responses that were linted: on these, the capture did not show whether it is kept
WITH linted AS (SELECT sum(count) AS responses, count(DISTINCT host) AS hosts FROM responses),
     unknown AS (SELECT rule, sum(count) AS responses FROM not_evaluated GROUP BY rule)
SELECT broken.rule, broken.severity, sum(broken.responses) AS responses,
       sum(broken.responses) / any_value(linted.responses) AS share,
       count(DISTINCT broken.host) AS hosts, count(DISTINCT broken.host) / any_value(nullif(linted.hosts, 0)) AS host_share,
       sum(broken.findings) AS findings,
       least(coalesce(any_value(unknown.responses), 0) / any_value(linted.responses), 1.0) AS unknown_share
FROM broken CROSS JOIN linted LEFT JOIN unknown ON unknown.rule = broken.rule
GROUP BY broken.rule, broken.severity, broken.rank
ORDER BY broken.rank, sum(broken.responses) DESC, broken.rule;
