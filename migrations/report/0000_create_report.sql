CREATE TABLE `jobs` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`mode` text NOT NULL,
	`model` text NOT NULL,
	`key_id` text NOT NULL,
	`team` text NOT NULL,
	`seconds` integer NOT NULL,
	`cost_micros` integer NOT NULL,
	`price_micros` integer,
	`rate_version` integer NOT NULL,
	`tags` text NOT NULL,
	`admitted_at` integer NOT NULL,
	`status` text NOT NULL,
	`status_seq` integer NOT NULL,
	`ended_at` integer,
	`outcome` text,
	`reason` text,
	PRIMARY KEY(`tenant`, `id`)
) WITHOUT ROWID, STRICT;

CREATE INDEX `jobs_tenant_admitted` ON `jobs` (`tenant`,`admitted_at`,`id`);
CREATE TABLE `usage_days` (
	`tenant` text NOT NULL,
	`mode` text NOT NULL,
	`local_day` text NOT NULL,
	`team` text NOT NULL,
	`key_id` text NOT NULL,
	`model` text NOT NULL,
	`jobs` integer NOT NULL,
	`seconds` integer NOT NULL,
	`cost_micros` integer NOT NULL,
	`price_micros` integer NOT NULL,
	PRIMARY KEY(`tenant`, `mode`, `local_day`, `team`, `key_id`, `model`)
) WITHOUT ROWID, STRICT;

CREATE TABLE `usage_events` (
	`tenant` text NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	`job_id` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`tenant`, `seq`)
) WITHOUT ROWID, STRICT;

CREATE TABLE `usage_hours` (
	`tenant` text NOT NULL,
	`mode` text NOT NULL,
	`hour` integer NOT NULL,
	`team` text NOT NULL,
	`key_id` text NOT NULL,
	`model` text NOT NULL,
	`jobs` integer NOT NULL,
	`seconds` integer NOT NULL,
	`cost_micros` integer NOT NULL,
	`price_micros` integer NOT NULL,
	PRIMARY KEY(`tenant`, `mode`, `hour`, `team`, `key_id`, `model`)
) WITHOUT ROWID, STRICT;

CREATE TABLE `watermarks` (
	`tenant` text PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL
) WITHOUT ROWID, STRICT;
