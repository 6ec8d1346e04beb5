CREATE TABLE `audit_chains` (
	`chain` text PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL,
	`at` integer NOT NULL,
	`cut_seq` integer NOT NULL,
	`cut_hash` text NOT NULL,
	`retention_days` integer,
	`prune_at` integer,
	`key_version` integer NOT NULL,
	`mac` text NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX `audit_chains_by_prune` ON `audit_chains` (`prune_at`);
CREATE INDEX `audit_chains_by_key_version` ON `audit_chains` (`key_version`);
CREATE TABLE `audit_entries` (
	`chain` text NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	`begun_at` integer NOT NULL,
	`id` text NOT NULL,
	`actor` text NOT NULL,
	`actor_name` text NOT NULL,
	`action` text NOT NULL,
	`target` text NOT NULL,
	`ip` text NOT NULL,
	`user_agent` text NOT NULL,
	`before` text,
	`after` text,
	`outcome` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`chain`, `seq`)
) STRICT, WITHOUT ROWID;

CREATE INDEX `audit_entries_by_time` ON `audit_entries` (`chain`,`at`);
CREATE INDEX `audit_entries_by_actor` ON `audit_entries` (`chain`,`actor`,`at`);
CREATE INDEX `audit_entries_by_action` ON `audit_entries` (`chain`,`action`,`at`);
CREATE TABLE `audit_intents` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`change` text NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX `audit_intents_by_age` ON `audit_intents` (`at`);