CREATE TABLE `account_states` (
	`account` text PRIMARY KEY NOT NULL,
	`circuit` text NOT NULL,
	`reason` text NOT NULL,
	`since` integer NOT NULL
) STRICT, WITHOUT ROWID;
