CREATE TABLE `refused_sign_ins` (
	`hour` integer NOT NULL,
	`source` text NOT NULL,
	`way` text NOT NULL,
	`reason` text NOT NULL,
	`tries` integer NOT NULL,
	`last_at` integer NOT NULL,
	PRIMARY KEY(`hour`, `source`, `way`, `reason`)
) STRICT, WITHOUT ROWID;
