ALTER TABLE `usage_days` ADD `hours` text DEFAULT '{}' NOT NULL;
-- Each hour goes whole into a row of its UTC day or else of a day beside it: which local days it was of hangs on a zone that is not
-- known here. Whoever reads an hour looks for it in all of these (`local-days.ts`).
UPDATE usage_days SET hours = moved.hours
FROM (
  SELECT tenant, mode, local_day, team, key_id, model, json_group_object(hour / 3600000, json_array(jobs, price_micros)) AS hours
  FROM (
    SELECT h.*, d.local_day, min(abs(shift.value))
    FROM usage_hours AS h
    CROSS JOIN json_each('[-43200, 0, 53999]') AS shift
    CROSS JOIN usage_days AS d
    WHERE d.tenant = h.tenant AND d.mode = h.mode AND d.team = h.team AND d.key_id = h.key_id AND d.model = h.model
      AND d.local_day = strftime('%Y-%m-%d', h.hour / 1000 + shift.value, 'unixepoch')
    GROUP BY h.tenant, h.mode, h.hour, h.team, h.key_id, h.model
  )
  GROUP BY tenant, mode, local_day, team, key_id, model
) AS moved
WHERE usage_days.tenant = moved.tenant AND usage_days.mode = moved.mode AND usage_days.local_day = moved.local_day
  AND usage_days.team = moved.team AND usage_days.key_id = moved.key_id AND usage_days.model = moved.model;
DROP TABLE `usage_hours`;
