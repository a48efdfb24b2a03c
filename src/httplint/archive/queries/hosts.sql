-- By host
-- On which hosts are the most responses with errors, then with warnings?
--
-- host           the host that was asked; empty: the request was not captured
-- responses      responses that were linted
-- with_errors    of these, how many have an error
-- error_share    of its responses
-- with_warnings  of these, how many have a warning
-- warning_share  of its responses
-- rule           the rule that it breaks on the most responses, an error where there is one
-- few            whether its responses are too few for shares to say much
WITH worst AS (SELECT host, arg_min(rule, (rank, -responses, rule)) AS rule
               FROM (SELECT host, rule, rank, sum(responses) AS responses FROM broken GROUP BY host, rule, rank)
               GROUP BY host)
SELECT responses.host, sum(count) AS responses,
       sum(with_errors) AS with_errors, sum(with_errors) / sum(count) AS error_share,
       sum(with_warnings) AS with_warnings, sum(with_warnings) / sum(count) AS warning_share,
       any_value(worst.rule) AS rule, sum(count) < getvariable('least') AS few
FROM responses LEFT JOIN worst ON worst.host IS NOT DISTINCT FROM responses.host
GROUP BY responses.host
ORDER BY with_errors DESC, with_warnings DESC, responses DESC, responses.host;
