import type { TenantPricing } from "../money/tenant-price.ts";
import type { QueueHandling, TenantInfo, TenantStatus, UploadRules } from "./types.ts";

/** As much as WaveSpeed takes of one file, of any type. */
const ANY_UPLOAD: UploadRules = { bytesMax: 200 * 1024 * 1024, types: null };

export function findTenant(sql: SqlStorage): TenantInfo | null {
  const row = sql.exec("SELECT * FROM tenant").toArray()[0];
  return row ? toTenant(row) : null;
}

/** Null: nobody has made this tenant. */
export function tenantId(sql: SqlStorage): string | null {
  const row = sql.exec("SELECT tenant FROM tenant").toArray()[0];
  return row ? String(row["tenant"]) : null;
}

/** Which state of its definitions a tenant is in: every change of one gives it another. See `definitions.ts`. */
export const readRevision = (sql: SqlStorage): number =>
  Number(sql.exec("SELECT revision FROM tenant").one()["revision"]);

/** What holds for every job of a tenant until somebody changes it, or a newer price is used. */
export interface Terms {
  tenant: TenantInfo;
  /** Newest price version that was used, by model. */
  rateVersions: Readonly<Record<string, number>>;
  hasLimits: boolean;
}

export function readTerms(sql: SqlStorage): Terms {
  const row = sql.exec("SELECT *, EXISTS (SELECT 1 FROM limits) AS has_limits FROM tenant").one();
  return {
    tenant: toTenant(row),
    rateVersions: JSON.parse(String(row["rate_versions"])) as Record<string, number>,
    hasLimits: row["has_limits"] === 1,
  };
}

function toTenant(row: Record<string, SqlStorageValue>): TenantInfo {
  return {
    tenant: String(row["tenant"]),
    name: String(row["name"]),
    timeZone: String(row["time_zone"]),
    createdAt: Number(row["created_at"]),
    status: row["status"] === "suspended" ? "suspended" : "active",
    statusReason: String(row["status_reason"]),
    pricing: JSON.parse(String(row["pricing"])) as TenantPricing,
    handling: {
      queueWeight: Number(row["queue_weight"]),
      keepInputsDays: Number(row["keep_inputs_days"]),
      webhookEndpoints: Number(row["webhook_endpoints"]),
    },
    allowedOrigins: JSON.parse(String(row["allowed_origins"])) as string[],
    uploads: { ...ANY_UPLOAD, ...(JSON.parse(String(row["uploads"])) as Partial<UploadRules>) },
  };
}

/** Makes the tenant unless it is there: then its first name and zone stay. */
export function provision(
  sql: SqlStorage,
  input: { tenant: string; name: string; timeZone: string },
  now: number,
): TenantInfo {
  sql.exec(
    "INSERT INTO tenant (id, tenant, name, time_zone, created_at) VALUES (1, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    input.tenant,
    input.name,
    input.timeZone,
    now,
  );
  const tenant = findTenant(sql);
  if (tenant?.tenant !== input.tenant) throw new Error("this ledger belongs to another tenant");
  return tenant;
}

/** The last journal entry up to which D1 is complete. */
export const reportedSeq = (sql: SqlStorage): number =>
  Number(sql.exec("SELECT reported_seq FROM tenant").toArray()[0]?.["reported_seq"] ?? 0);

export function setReportedSeq(sql: SqlStorage, seq: number): void {
  sql.exec("UPDATE tenant SET reported_seq = ?1 WHERE reported_seq < ?1", seq);
}

/** The last journal entry that is counted in the tables of counters and spend. */
export const countedSeq = (sql: SqlStorage): number =>
  Number(sql.exec("SELECT counted_seq FROM tenant").toArray()[0]?.["counted_seq"] ?? 0);

export function setCountedSeq(sql: SqlStorage, seq: number): void {
  sql.exec("UPDATE tenant SET counted_seq = ?", seq);
}

export function writeStatus(sql: SqlStorage, status: TenantStatus, reason: string): void {
  sql.exec("UPDATE tenant SET status = ?, status_reason = ?", status, reason);
}

export function writeHandling(sql: SqlStorage, { queueWeight, keepInputsDays }: QueueHandling): void {
  sql.exec("UPDATE tenant SET queue_weight = ?, keep_inputs_days = ?", queueWeight, keepInputsDays);
}

export function writeAllowedOrigins(sql: SqlStorage, origins: readonly string[]): void {
  sql.exec("UPDATE tenant SET allowed_origins = ?", JSON.stringify(origins));
}

export function writeUploads(sql: SqlStorage, uploads: UploadRules): void {
  sql.exec("UPDATE tenant SET uploads = ?", JSON.stringify(uploads));
}

/** An older word than the last one changes nothing. */
export function writeWebhooks(sql: SqlStorage, endpoints: number, version: number): void {
  sql.exec(
    "UPDATE tenant SET webhook_endpoints = ?1, webhooks_version = ?2 WHERE webhooks_version < ?2",
    endpoints,
    version,
  );
}

export function writePricing(sql: SqlStorage, pricing: TenantPricing): void {
  sql.exec("UPDATE tenant SET pricing = ?", JSON.stringify(pricing));
}
