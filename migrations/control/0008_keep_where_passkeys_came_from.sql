ALTER TABLE `passkeys` ADD `ip` text DEFAULT '' NOT NULL;
ALTER TABLE `passkeys` ADD `user_agent` text DEFAULT '' NOT NULL;