-- By server product
-- How do products fare that name themselves in the Server field? A product that few responses name, or a single host
-- that has most of them, says little about the product: see the shares of hosts.
--
-- server             product of the Server field, without version; empty: there is none, or it was not captured
-- responses          responses that were linted
-- with_errors        of these, how many have an error
-- error_share        of its responses
-- with_warnings      of these, how many have a warning
-- warning_share      of its responses
-- hosts              hosts that answered with it
-- hosts_with_errors  of these, how many have a response of it with an error
-- host_share         of its hosts
-- few                whether its responses are too few for shares to say much
SELECT server, sum(count) AS responses,
       sum(with_errors) AS with_errors, sum(with_errors) / sum(count) AS error_share,
       sum(with_warnings) AS with_warnings, sum(with_warnings) / sum(count) AS warning_share,
       count(DISTINCT host) AS hosts, count(DISTINCT host) FILTER (with_errors > 0) AS hosts_with_errors,
       hosts_with_errors / nullif(hosts, 0) AS host_share, sum(count) < getvariable('least') AS few
FROM responses
GROUP BY server
ORDER BY responses DESC, server;
