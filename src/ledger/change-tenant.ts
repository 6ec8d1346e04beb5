import type { Refusal } from "../errors/catalogue.ts";
import { ok, type Result } from "../errors/result.ts";
import type { TenantPricing } from "../money/tenant-price.ts";
import type { ChangeContext } from "./changes.ts";
import {
  writeAllowedOrigins,
  writeHandling,
  writePricing,
  writeStatus,
  writeUploads,
  writeWebhooks,
} from "./tenant-store.ts";
import type { QueueHandling, TenantInfo, TenantStatus, UploadRules } from "./types.ts";

/** Suspends the tenant or lets it go on. Running jobs settle either way. */
export function setStatus(
  { sql, tenant }: ChangeContext,
  { status, reason }: { status: TenantStatus; reason: string },
): Result<TenantInfo, Refusal> {
  writeStatus(sql, status, reason);
  return ok({ ...tenant, status, statusReason: reason });
}

/** How the tenant's jobs are treated from the next submit on; what is not given stays. */
export function setHandling(
  { sql, tenant }: ChangeContext,
  change: Partial<QueueHandling>,
): Result<TenantInfo, Refusal> {
  const handling = { ...tenant.handling, ...change };
  writeHandling(sql, handling);
  return ok({ ...tenant, handling });
}

/** Replaces the list of web origins that may call with the tenant's keys. */
export function setAllowedOrigins(
  { sql, tenant }: ChangeContext,
  { origins }: { origins: readonly string[] },
): Result<TenantInfo, Refusal> {
  writeAllowedOrigins(sql, origins);
  return ok({ ...tenant, allowedOrigins: origins });
}

/** Which files the tenant may upload from now on; what is not given stays. */
export function setUploads({ sql, tenant }: ChangeContext, change: Partial<UploadRules>): Result<TenantInfo, Refusal> {
  const uploads = { ...tenant.uploads, ...change };
  writeUploads(sql, uploads);
  return ok({ ...tenant, uploads });
}

/** How many webhook endpoints stand, as the tenant's desk counts them; `version` counts its words. */
export function setWebhooks(
  { sql }: ChangeContext,
  { endpoints, version }: { endpoints: number; version: number },
): Result<null, Refusal> {
  writeWebhooks(sql, endpoints, version);
  return ok(null);
}

/** What the tenant pays on top of cost, from the next submit on. Each change is a version that jobs name. */
export function setPricing(
  { sql, tenant }: ChangeContext,
  pricing: Omit<TenantPricing, "version">,
): Result<TenantPricing, Refusal> {
  const next = { ...pricing, version: tenant.pricing.version + 1 };
  writePricing(sql, next);
  return ok(next);
}
