-- What several questions ask.

-- The variables: from so many responses on, a share is taken to say something; findings of this severity and above.
SET VARIABLE least = 30;
SET VARIABLE severity = 'info';

-- broken: how many responses break a rule, by host, server product and day, and how many findings these have. A response
-- counts once for a rule. What is suppressed does not count.
CREATE OR REPLACE TEMP VIEW broken AS
SELECT rule, severity, list_position(['error', 'warning', 'info'], severity) AS rank, host, server, day,
       count(*) AS responses, sum(findings) AS findings
FROM (SELECT rule, severity, host, server, CAST(started AT TIME ZONE 'UTC' AS DATE) AS day, count(*) AS findings
      FROM findings
      WHERE suppressed IS NULL
        AND list_position(['error', 'warning', 'info'], severity)
            <= list_position(['error', 'warning', 'info'], getvariable('severity'))
      GROUP BY rule, severity, host, server, day, capture, member, entry, pointer, line, "column")
GROUP BY rule, severity, rank, host, server, day;

-- period_of: a day as it is told. All of it for two months at most, the month for three years, else the year.
CREATE OR REPLACE TEMP VIEW periods AS
SELECT CASE WHEN months <= 2 THEN 10 WHEN months <= 36 THEN 7 ELSE 4 END AS length
FROM (SELECT count(DISTINCT date_trunc('month', day)) AS months FROM responses);
CREATE OR REPLACE TEMP MACRO period_of(one) AS
CASE WHEN one BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'
     THEN left(CAST(one AS VARCHAR), (SELECT length FROM periods)) END;
