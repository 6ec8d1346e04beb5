import { checkAccount } from "./check-account.ts";
import { listAccounts } from "./list-accounts.ts";
import { adjustCredit } from "./adjust-credit.ts";
import { auditTenant } from "./audit-tenant.ts";
import { cancelJob } from "./cancel-job.ts";
import { createJob } from "./create-job.ts";
import { listTenantModels } from "./list-tenant-models.ts";
import { createKey } from "./create-key.ts";
import { createManagementKey } from "./create-management-key.ts";
import { createQuote } from "./create-quote.ts";
import { createRate } from "./create-rate.ts";
import { createTenant } from "./create-tenant.ts";
import { createWebhook } from "./create-webhook.ts";
import { deleteBudget } from "./delete-budget.ts";
import { getAudit } from "./get-audit.ts";
import { deleteCredit } from "./delete-credit.ts";
import { deleteLimit } from "./delete-limit.ts";
import { deletePause } from "./delete-pause.ts";
import { deleteWebhook } from "./delete-webhook.ts";
import { getBalance } from "./get-balance.ts";
import { getCredit } from "./get-credit.ts";
import { getDelivery } from "./get-delivery.ts";
import { getKey } from "./get-key.ts";
import { getMe } from "./get-me.ts";
import { getOwnUsage } from "./get-own-usage.ts";
import { getPricing } from "./get-pricing.ts";
import { getTenant } from "./get-tenant.ts";
import { getUsage } from "./get-usage.ts";
import { getWebhook } from "./get-webhook.ts";
import { listBudgets } from "./list-budgets.ts";
import { listDeliveries } from "./list-deliveries.ts";
import { listJobs } from "./list-jobs.ts";
import { listKeys } from "./list-keys.ts";
import { listLimits } from "./list-limits.ts";
import { listManagementKeys } from "./list-management-keys.ts";
import { listOwnJobs } from "./list-own-jobs.ts";
import { listModels } from "./list-models.ts";
import { listPauses } from "./list-pauses.ts";
import { listRates } from "./list-rates.ts";
import { listUnclearJobs } from "./list-unclear-jobs.ts";
import { resolveJob } from "./resolve-job.ts";
import { listTenants } from "./list-tenants.ts";
import { listWebhooks } from "./list-webhooks.ts";
import type { ManagementApp } from "./management-app.ts";
import { previewBudget } from "./preview-budget.ts";
import { putBudget } from "./put-budget.ts";
import { rebuildReport } from "./rebuild-report.ts";
import { replayDelivery } from "./replay-delivery.ts";
import { putCredit } from "./put-credit.ts";
import { putLimit } from "./put-limit.ts";
import { putPause } from "./put-pause.ts";
import { putPricing } from "./put-pricing.ts";
import { revokeKey } from "./revoke-key.ts";
import { revokeManagementKey } from "./revoke-management-key.ts";
import { rotateKey } from "./rotate-key.ts";
import { rotateWebhookSecret } from "./rotate-webhook-secret.ts";
import { setModel } from "./set-model.ts";
import { syncModels } from "./sync-models.ts";
import { testWebhook } from "./test-webhook.ts";
import { topUpCredit } from "./top-up-credit.ts";
import { updateKey } from "./update-key.ts";
import { updateTenant } from "./update-tenant.ts";
import { updateWebhook } from "./update-webhook.ts";

/** Every operation of /v1, one line each, in the order of the API's description. */
export const OPERATIONS: readonly ((app: ManagementApp) => void)[] = [
  createTenant,
  listTenants,
  getTenant,
  updateTenant,
  createKey,
  listKeys,
  getKey,
  updateKey,
  rotateKey,
  revokeKey,
  putBudget,
  previewBudget,
  listBudgets,
  deleteBudget,
  putLimit,
  listLimits,
  deleteLimit,
  putCredit,
  getCredit,
  deleteCredit,
  topUpCredit,
  adjustCredit,
  getBalance,
  putPricing,
  getPricing,
  getUsage,
  listJobs,
  createJob,
  cancelJob,
  listTenantModels,
  listUnclearJobs,
  resolveJob,
  createWebhook,
  listWebhooks,
  getWebhook,
  updateWebhook,
  deleteWebhook,
  testWebhook,
  listDeliveries,
  getDelivery,
  replayDelivery,
  rotateWebhookSecret,
  auditTenant,
  getAudit,
  rebuildReport,
  createQuote,
  listRates,
  createRate,
  listModels,
  setModel,
  syncModels,
  listAccounts,
  checkAccount,
  putPause,
  listPauses,
  deletePause,
  getMe,
  getOwnUsage,
  listOwnJobs,
  createManagementKey,
  listManagementKeys,
  revokeManagementKey,
];
