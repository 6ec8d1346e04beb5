ALTER TABLE `jobs` ADD `held_micros` integer;
ALTER TABLE `jobs` ADD `refunded_at` integer;
ALTER TABLE `jobs` ADD `deleted_at` integer;
CREATE INDEX `jobs_refunded` ON `jobs` (`tenant`,`refunded_at`,`id`) WHERE "jobs"."refunded_at" is not null;