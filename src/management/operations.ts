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
import { deleteAlert } from "./delete-alert.ts";
import { deleteBudget } from "./delete-budget.ts";
import { getAudit } from "./get-audit.ts";
import { exportAuditLog } from "./export-audit-log.ts";
import { getAuditRetention } from "./get-audit-retention.ts";
import { listAuditLog } from "./list-audit-log.ts";
import { putAuditRetention } from "./put-audit-retention.ts";
import { verifyAuditLog } from "./verify-audit-log.ts";
import { deleteCredit } from "./delete-credit.ts";
import { deleteLimit } from "./delete-limit.ts";
import { deletePause } from "./delete-pause.ts";
import { deleteWebhook } from "./delete-webhook.ts";
import { getBalance } from "./get-balance.ts";
import { getCredit } from "./get-credit.ts";
import { getDelivery } from "./get-delivery.ts";
import { getGatewayOverview } from "./get-gateway-overview.ts";
import { getJob } from "./get-job.ts";
import { getKey } from "./get-key.ts";
import { getMe } from "./get-me.ts";
import { getOverview } from "./get-overview.ts";
import { getOwnUsage } from "./get-own-usage.ts";
import { getPricing } from "./get-pricing.ts";
import { exportJobs } from "./export-jobs.ts";
import { getStatement } from "./get-statement.ts";
import { listStatements } from "./list-statements.ts";
import { getTenant } from "./get-tenant.ts";
import { getUsage } from "./get-usage.ts";
import { getWebhook } from "./get-webhook.ts";
import { listAlerts } from "./list-alerts.ts";
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
import { createInvitation } from "./create-invitation.ts";
import { listInvitations } from "./list-invitations.ts";
import { revokeInvitation } from "./revoke-invitation.ts";
import { listMembers } from "./list-members.ts";
import { getMember } from "./get-member.ts";
import { updateMember } from "./update-member.ts";
import { removeMember } from "./remove-member.ts";
import { createMemberLink } from "./create-member-link.ts";
import { listTeams } from "./list-teams.ts";
import { getTeam } from "./get-team.ts";
import { putTeam } from "./put-team.ts";
import { deleteTeam } from "./delete-team.ts";
import { listPeople } from "./list-people.ts";
import { createPerson } from "./create-person.ts";
import { updatePerson } from "./update-person.ts";
import { listRefusedSignIns } from "./list-refused-sign-ins.ts";
import { getPerson } from "./get-person.ts";
import { listPersonPasskeys } from "./list-person-passkeys.ts";
import { listPersonSessions } from "./list-person-sessions.ts";
import { signOutPerson } from "./sign-out-person.ts";
import { signOutMember } from "./sign-out-member.ts";
import { endOtherSessions } from "./end-other-sessions.ts";
import { createPersonLink } from "./create-person-link.ts";
import { listSignInWays } from "./list-sign-in-ways.ts";
import { signIn } from "./sign-in.ts";
import { requestLink } from "./request-link.ts";
import { getSession } from "./get-session.ts";
import { listSessions } from "./list-sessions.ts";
import { endSession } from "./end-session.ts";
import { signInPasskeyOptions } from "./sign-in-passkey-options.ts";
import { signInPasskey } from "./sign-in-passkey.ts";
import { signInAccess } from "./sign-in-access.ts";
import { createPasskeyOptions } from "./create-passkey-options.ts";
import { createPasskey } from "./create-passkey.ts";
import { listPasskeys } from "./list-passkeys.ts";
import { deletePasskey } from "./delete-passkey.ts";
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
  listStatements,
  getStatement,
  exportJobs,
  getOverview,
  getGatewayOverview,
  listJobs,
  createJob,
  cancelJob,
  listTenantModels,
  getJob,
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
  listAuditLog,
  verifyAuditLog,
  exportAuditLog,
  getAuditRetention,
  putAuditRetention,
  createQuote,
  listRates,
  createRate,
  listModels,
  setModel,
  syncModels,
  listAccounts,
  checkAccount,
  listAlerts,
  deleteAlert,
  putPause,
  listPauses,
  deletePause,
  getMe,
  getOwnUsage,
  listOwnJobs,
  createManagementKey,
  listManagementKeys,
  revokeManagementKey,
  createInvitation,
  listInvitations,
  revokeInvitation,
  listMembers,
  getMember,
  updateMember,
  removeMember,
  createMemberLink,
  signOutMember,
  listTeams,
  getTeam,
  putTeam,
  deleteTeam,
  listPeople,
  createPerson,
  updatePerson,
  createPersonLink,
  listRefusedSignIns,
  getPerson,
  listPersonPasskeys,
  listPersonSessions,
  signOutPerson,
  listSignInWays,
  signIn,
  requestLink,
  signInPasskeyOptions,
  signInPasskey,
  signInAccess,
  createPasskeyOptions,
  createPasskey,
  listPasskeys,
  deletePasskey,
  getSession,
  listSessions,
  endSession,
  endOtherSessions,
];
