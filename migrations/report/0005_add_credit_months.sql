CREATE TABLE `credit_months` (
	`tenant` text NOT NULL,
	`month` text NOT NULL,
	`moved_micros` integer NOT NULL,
	`captured_micros` integer NOT NULL,
	PRIMARY KEY(`tenant`, `month`)
) WITHOUT ROWID, STRICT;

-- Entries from before say nothing of credit, and such a tenant's balances are not told until a rebuild.
ALTER TABLE `usage_events` ADD `local_day` text DEFAULT '' NOT NULL;
ALTER TABLE `usage_events` ADD `credit_micros` integer;
ALTER TABLE `watermarks` ADD `month` text DEFAULT '' NOT NULL;
ALTER TABLE `watermarks` ADD `moved_micros` integer;
ALTER TABLE `watermarks` ADD `captured_micros` integer;