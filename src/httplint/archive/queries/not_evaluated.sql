-- What could not be checked
-- Which rules could not be evaluated, and why? Neither a finding nor a pass: the captures did not show it.
--
-- rule       id of the rule
-- reason     what the captures did not show
-- responses  responses on which it was not evaluated
-- share      of the responses that were linted
SELECT rule, reason, sum(count) AS responses,
       least(sum(count) / (SELECT sum(count) FROM responses), 1.0) AS share  -- interim responses count, too
FROM not_evaluated
GROUP BY rule, reason
ORDER BY responses DESC, rule, reason;
