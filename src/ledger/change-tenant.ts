import type { Refusal } from "../errors/catalogue.ts";
import { ok, type Result } from "../errors/result.ts";
import type { TenantPricing } from "../money/tenant-price.ts";
import type { ChangeContext } from "./changes.ts";
import { writePricing, writeStatus } from "./tenant-store.ts";
import type { TenantInfo, TenantStatus } from "./types.ts";

/** Suspends the tenant or lets it go on. Running jobs settle either way. */
export function setStatus(
  { sql, tenant }: ChangeContext,
  { status, reason }: { status: TenantStatus; reason: string },
): Result<TenantInfo, Refusal> {
  writeStatus(sql, status, reason);
  return ok({ ...tenant, status, statusReason: reason });
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
