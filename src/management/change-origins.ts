import type { Refusal } from "../errors/catalogue.ts";
import { err, type Result } from "../errors/result.ts";
import type { ChangeMeta } from "../ledger/changes.ts";
import type { TenantInfo } from "../ledger/types.ts";
import { ALLOWED_ORIGINS_MAX, forgetSettings, hasRoomForOrigins, writeAllowedOrigins } from "../settings/index.ts";
import type { Services } from "./services.ts";

/** Replaces a tenant's web origins: its ledger first, then D1, which preflights ask; the same again finishes both. */
export async function changeOrigins(
  { control, ledger }: Services,
  { tenant, origins }: { tenant: string; origins: readonly string[] },
  meta: ChangeMeta,
): Promise<Result<TenantInfo, Refusal>> {
  if (!(await hasRoomForOrigins(control, tenant, origins.length))) return err(FULL);
  const changed = await ledger(tenant).change("set_allowed_origins", { origins }, meta);
  if (!changed.ok) return changed;
  await writeAllowedOrigins(control, tenant, origins);
  forgetSettings(control);
  return changed;
}

const FULL: Refusal = {
  code: "conflict",
  message: `allowed_origins: all tenants together list at most ${ALLOWED_ORIGINS_MAX} different origins`,
};
