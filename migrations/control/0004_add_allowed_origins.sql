CREATE TABLE `allowed_origins` (
	`origin` text NOT NULL,
	`tenant` text NOT NULL,
	PRIMARY KEY(`origin`, `tenant`)
) STRICT, WITHOUT ROWID;

CREATE INDEX `allowed_origins_by_tenant` ON `allowed_origins` (`tenant`);
