-- Messages (mails) that could not be sent yet, or were given up.
SET ROLE service_role;
SELECT id, topic, attempts, created_at, failed_at, error
FROM shared.outbox
WHERE sent_at IS NULL AND (attempts > 0 OR failed_at IS NOT NULL)
ORDER BY id;
