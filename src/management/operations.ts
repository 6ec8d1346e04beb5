import { auditTenant } from "./audit-tenant.ts";
import { createKey } from "./create-key.ts";
import { createManagementKey } from "./create-management-key.ts";
import { createQuote } from "./create-quote.ts";
import { createRate } from "./create-rate.ts";
import { createTenant } from "./create-tenant.ts";
import { deleteBudget } from "./delete-budget.ts";
import { getAudit } from "./get-audit.ts";
import { getBalance } from "./get-balance.ts";
import { getMe } from "./get-me.ts";
import { getTenant } from "./get-tenant.ts";
import { getUsage } from "./get-usage.ts";
import { listBudgets } from "./list-budgets.ts";
import { listJobs } from "./list-jobs.ts";
import { listKeys } from "./list-keys.ts";
import { listManagementKeys } from "./list-management-keys.ts";
import { listRates } from "./list-rates.ts";
import { listTenants } from "./list-tenants.ts";
import type { ManagementApp } from "./management-app.ts";
import { putBudget } from "./put-budget.ts";
import { rebuildReport } from "./rebuild-report.ts";
import { revokeKey } from "./revoke-key.ts";
import { revokeManagementKey } from "./revoke-management-key.ts";
import { setModel } from "./set-model.ts";

/** Every operation of /v1, one line each, in the order of the API's description. */
export const OPERATIONS: readonly ((app: ManagementApp) => void)[] = [
  createTenant,
  listTenants,
  getTenant,
  createKey,
  listKeys,
  revokeKey,
  putBudget,
  listBudgets,
  deleteBudget,
  getBalance,
  getUsage,
  listJobs,
  auditTenant,
  getAudit,
  rebuildReport,
  createQuote,
  listRates,
  createRate,
  setModel,
  getMe,
  createManagementKey,
  listManagementKeys,
  revokeManagementKey,
];
