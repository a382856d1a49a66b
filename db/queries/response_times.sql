-- How fast each route answered in the last hour (P50, P95, P99), and how often it failed on our side.
SET ROLE service_role;
SELECT method, route, count(*) AS answers, count(*) FILTER (WHERE status >= 500) AS failures,
    round(percentile_cont(0.5) WITHIN GROUP (ORDER BY response_time_ms)::numeric, 1) AS p50_ms,
    round(percentile_cont(0.95) WITHIN GROUP (ORDER BY response_time_ms)::numeric, 1) AS p95_ms,
    round(percentile_cont(0.99) WITHIN GROUP (ORDER BY response_time_ms)::numeric, 1) AS p99_ms
FROM shared.api_metrics
WHERE "timestamp" > now() - interval '1 hour'
GROUP BY method, route
ORDER BY p95_ms DESC;
