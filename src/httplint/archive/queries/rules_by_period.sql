-- Rules over time
-- How does the share of responses change that break a rule? A period without responses that break it has no row.
--
-- rule       id of the rule, the most broken first
-- severity   error, warning or info
-- period     day, month or year in which the exchanges began, in UTC; empty: not known
-- responses  responses of the period that break the rule
-- share      of the responses of the period
-- few        whether the responses of the period are too few for shares to say much
WITH spans AS (SELECT period_of(day) AS period, sum(count) AS responses
               FROM responses GROUP BY period),
     counted AS (SELECT rule, severity, rank, period_of(day) AS period, sum(responses) AS responses
                 FROM broken GROUP BY ALL)
SELECT rule, severity, counted.period, counted.responses, counted.responses / spans.responses AS share,
       spans.responses < getvariable('least') AS few
FROM counted JOIN spans ON spans.period IS NOT DISTINCT FROM counted.period
ORDER BY rank, sum(counted.responses) OVER (PARTITION BY rule, severity) DESC, rule, counted.period NULLS LAST;
