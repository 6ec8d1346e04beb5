CREATE TABLE `attempts` (
	`subject` text NOT NULL,
	`since` integer NOT NULL,
	`tries` integer NOT NULL,
	PRIMARY KEY(`subject`, `since`)
) STRICT, WITHOUT ROWID;

CREATE INDEX `attempts_by_age` ON `attempts` (`since`);
CREATE TABLE `challenges` (
	`challenge` text PRIMARY KEY NOT NULL,
	`person` text,
	`expires_at` integer NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX `challenges_by_end` ON `challenges` (`expires_at`);
CREATE TABLE `memberships` (
	`tenant` text NOT NULL,
	`person` text NOT NULL,
	`role` text NOT NULL,
	`team` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant`, `person`)
) STRICT, WITHOUT ROWID;

CREATE INDEX `memberships_by_person` ON `memberships` (`person`);
CREATE TABLE `passkeys` (
	`id` text PRIMARY KEY NOT NULL,
	`person` text NOT NULL,
	`public_key` text NOT NULL,
	`counter` integer NOT NULL,
	`transports` text NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer
) STRICT, WITHOUT ROWID;

CREATE INDEX `passkeys_by_person` ON `passkeys` (`person`);
CREATE TABLE `people` (
	`id` text PRIMARY KEY NOT NULL,
	`email` text,
	`name` text NOT NULL,
	`operator` integer NOT NULL,
	`created_at` integer NOT NULL,
	`disabled_at` integer,
	`proven_at` integer
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX `people_email` ON `people` (`email`) WHERE "people"."email" is not null;
CREATE TABLE `sessions` (
	`hash` text PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`person` text NOT NULL,
	`method` text NOT NULL,
	`ip` text NOT NULL,
	`user_agent` text NOT NULL,
	`created_at` integer NOT NULL,
	`seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX `sessions_id` ON `sessions` (`id`);
CREATE INDEX `sessions_by_person` ON `sessions` (`person`);
CREATE INDEX `sessions_by_end` ON `sessions` (`expires_at`);
CREATE TABLE `sign_in_links` (
	`hash` text PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`person` text,
	`email` text,
	`name` text,
	`proves_email` integer NOT NULL,
	`tenant` text,
	`role` text,
	`team` text,
	`made_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	`session` text,
	`revoked_at` integer
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX `sign_in_links_id` ON `sign_in_links` (`id`);
CREATE INDEX `sign_in_links_by_tenant` ON `sign_in_links` (`tenant`,`id`);
CREATE INDEX `sign_in_links_by_person` ON `sign_in_links` (`person`);
CREATE INDEX `sign_in_links_by_maker` ON `sign_in_links` (`made_by`);
CREATE INDEX `sign_in_links_by_end` ON `sign_in_links` (`expires_at`);
CREATE TABLE `teams` (
	`tenant` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant`, `name`)
) STRICT, WITHOUT ROWID;
