-- Rules by server product
-- Which product breaks which rule, and how does it compare with all responses?
--
-- rule       id of the rule
-- severity   error, warning or info
-- server     product of the Server field, without version; empty: there is none, or it was not captured
-- responses  responses of the product that break the rule
-- share      of the responses of the product
-- overall    share of all responses that break the rule
-- few        whether the responses of the product are too few for shares to say much
WITH products AS (SELECT server, sum(count) AS responses FROM responses GROUP BY server),
     counted AS (SELECT rule, severity, rank, server, sum(responses) AS responses FROM broken GROUP BY ALL)
SELECT rule, severity, counted.server, counted.responses, counted.responses / products.responses AS share,
       sum(counted.responses) OVER (PARTITION BY rule, severity) / (SELECT sum(count) FROM responses) AS overall,
       products.responses < getvariable('least') AS few
FROM counted JOIN products ON products.server IS NOT DISTINCT FROM counted.server
ORDER BY rank, counted.responses DESC, rule, counted.server;
