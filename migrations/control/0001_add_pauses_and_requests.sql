CREATE TABLE `pauses` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`reason` text NOT NULL,
	`actor` text NOT NULL,
	`created_at` integer NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE `requests` (
	`scope` text PRIMARY KEY NOT NULL,
	`body_hash` text NOT NULL,
	`reply` text NOT NULL,
	`created_at` integer NOT NULL
) WITHOUT ROWID, STRICT;

CREATE INDEX `requests_by_age` ON `requests` (`created_at`);