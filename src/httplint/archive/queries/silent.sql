-- Rules that found nothing, and could not be evaluated everywhere
-- Where does silence prove nothing? Rules without any finding that some responses, or all, did not let be evaluated.
--
-- rule       id of the rule
-- responses  responses on which it was not evaluated
-- share      of the responses that were linted
-- never      whether that is all of them: the rule was never evaluated
-- reason     the most frequent reason
WITH reasons AS (SELECT rule, reason, sum(count) AS responses FROM not_evaluated GROUP BY rule, reason),
     linted AS (SELECT sum(count) AS responses FROM responses)
SELECT rule, sum(reasons.responses) AS responses,
       least(sum(reasons.responses) / any_value(linted.responses), 1.0) AS share,
       sum(reasons.responses) >= any_value(linted.responses) AS never,
       arg_min(reason, (-reasons.responses, reason)) AS reason
FROM reasons CROSS JOIN linted
WHERE rule NOT IN (SELECT rule FROM findings)
GROUP BY rule
ORDER BY responses DESC, rule;
