CREATE TABLE `alerts` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`message` text NOT NULL,
	`first_at` integer NOT NULL,
	`last_at` integer NOT NULL,
	`count` integer DEFAULT 1 NOT NULL
) WITHOUT ROWID, STRICT;

CREATE UNIQUE INDEX `alerts_kind_subject` ON `alerts` (`kind`,`subject`);
CREATE TABLE `management_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer
) WITHOUT ROWID, STRICT;

CREATE UNIQUE INDEX `management_keys_hash` ON `management_keys` (`hash`);
CREATE TABLE `model_settings` (
	`model` text PRIMARY KEY NOT NULL,
	`enabled` integer NOT NULL,
	`updated_at` integer NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE `rate_versions` (
	`model` text NOT NULL,
	`version` integer NOT NULL,
	`unit` text NOT NULL,
	`unit_micros` integer NOT NULL,
	`effective_from` integer NOT NULL,
	`confirmed` integer NOT NULL,
	`source` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`model`, `version`)
) WITHOUT ROWID, STRICT;

CREATE TABLE `sweeps` (
	`name` text PRIMARY KEY NOT NULL,
	`cursor` text NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE `tenants` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`time_zone` text NOT NULL,
	`status` text DEFAULT 'active' NOT NULL,
	`created_at` integer NOT NULL
) WITHOUT ROWID, STRICT;
