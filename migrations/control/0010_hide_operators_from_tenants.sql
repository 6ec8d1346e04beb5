ALTER TABLE `audit_entries` ADD `seen_as` text DEFAULT '' NOT NULL;
ALTER TABLE `audit_entries` ADD `who_salt` text;
UPDATE `audit_entries` SET `seen_as` = CASE
  WHEN `actor` LIKE 'operator:%' OR EXISTS (SELECT 1 FROM `people` WHERE `operator` = 1 AND `id` = substr(`audit_entries`.`actor`, 8)) THEN 'operator'
  ELSE `actor` END;
CREATE INDEX `audit_entries_by_seen_as` ON `audit_entries` (`chain`,`seen_as`,`at`);