CREATE TABLE `catalogue_models` (
	`model` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`description` text NOT NULL,
	`base_price` text NOT NULL,
	`formula` text NOT NULL,
	`request_schema` text NOT NULL,
	`schema_hash` text NOT NULL,
	`hash` text NOT NULL,
	`first_seen_at` integer NOT NULL,
	`changed_at` integer NOT NULL,
	`missing_since` integer
) STRICT, WITHOUT ROWID;

CREATE TABLE `catalogue_syncs` (
	`id` integer PRIMARY KEY NOT NULL,
	`busy_until` integer NOT NULL,
	`started_at` integer NOT NULL,
	`succeeded_at` integer,
	`models` integer NOT NULL,
	`malformed` integer NOT NULL,
	`problem` text NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE `enabled_models` (
	`model` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`description` text NOT NULL,
	`input_schema` text NOT NULL,
	`schema_hash` text NOT NULL,
	`actor` text NOT NULL,
	`enabled_at` integer NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE `price_checks` (
	`model` text NOT NULL,
	`source` text NOT NULL,
	`seconds` integer NOT NULL,
	`cost_micros` integer NOT NULL,
	`upstream_micros` integer,
	`checked_at` integer NOT NULL,
	`agreed_at` integer,
	PRIMARY KEY(`model`, `source`, `seconds`)
) STRICT, WITHOUT ROWID;
