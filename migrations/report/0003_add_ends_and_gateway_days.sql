CREATE TABLE `gateway_days` (
	`mode` text NOT NULL,
	`local_day` text NOT NULL,
	`model` text NOT NULL,
	`jobs` integer NOT NULL,
	`seconds` integer NOT NULL,
	`cost_micros` integer NOT NULL,
	`price_micros` integer NOT NULL,
	`failed` integer DEFAULT 0 NOT NULL,
	`cancelled` integer DEFAULT 0 NOT NULL,
	`result_ms` integer DEFAULT 0 NOT NULL,
	`results_15s` integer DEFAULT 0 NOT NULL,
	`results_30s` integer DEFAULT 0 NOT NULL,
	`results_1m` integer DEFAULT 0 NOT NULL,
	`results_2m` integer DEFAULT 0 NOT NULL,
	`results_3m` integer DEFAULT 0 NOT NULL,
	`results_5m` integer DEFAULT 0 NOT NULL,
	`results_10m` integer DEFAULT 0 NOT NULL,
	`results_20m` integer DEFAULT 0 NOT NULL,
	`results_1h` integer DEFAULT 0 NOT NULL,
	`results_more` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`mode`, `local_day`, `model`)
) WITHOUT ROWID, STRICT;

ALTER TABLE `usage_days` ADD `failed` integer DEFAULT 0 NOT NULL;
ALTER TABLE `usage_days` ADD `cancelled` integer DEFAULT 0 NOT NULL;
ALTER TABLE `usage_days` ADD `result_ms` integer DEFAULT 0 NOT NULL;
ALTER TABLE `usage_days` ADD `results_15s` integer DEFAULT 0 NOT NULL;
ALTER TABLE `usage_days` ADD `results_30s` integer DEFAULT 0 NOT NULL;
ALTER TABLE `usage_days` ADD `results_1m` integer DEFAULT 0 NOT NULL;
ALTER TABLE `usage_days` ADD `results_2m` integer DEFAULT 0 NOT NULL;
ALTER TABLE `usage_days` ADD `results_3m` integer DEFAULT 0 NOT NULL;
ALTER TABLE `usage_days` ADD `results_5m` integer DEFAULT 0 NOT NULL;
ALTER TABLE `usage_days` ADD `results_10m` integer DEFAULT 0 NOT NULL;
ALTER TABLE `usage_days` ADD `results_20m` integer DEFAULT 0 NOT NULL;
ALTER TABLE `usage_days` ADD `results_1h` integer DEFAULT 0 NOT NULL;
ALTER TABLE `usage_days` ADD `results_more` integer DEFAULT 0 NOT NULL;
-- What was captured before; ends that nobody counted stay uncounted until a rebuild.
INSERT INTO gateway_days (mode, local_day, model, jobs, seconds, cost_micros, price_micros)
SELECT mode, local_day, model, sum(jobs), sum(seconds), sum(cost_micros), sum(price_micros)
FROM usage_days GROUP BY mode, local_day, model;
