export { writeAccountState } from "./account-states.ts";
export { ALLOWED_ORIGINS_MAX, hasRoomForOrigins, listsOrigin, writeAllowedOrigins } from "./allowed-origins.ts";
export { admissibleRates, type AdmissibleRates } from "./admissible-rates.ts";
export { forgetSettings, loadSettings, readSettings, type Settings } from "./load-settings.ts";
export {
  findManagementKey,
  insertManagementKey,
  listManagementKeys,
  revokeManagementKey,
  type ManagementKey,
} from "./management-keys.ts";
export { writeModelEnabled } from "./model-settings.ts";
export { PAUSES_MAX, readPauses, refusePaused, removePause, writePause, type Pause } from "./pauses.ts";
export { insertVersion, insertVersionOnce, readVersions } from "./rate-versions.ts";
export { findTenant, listTenants, registerTenant, writeTenantStatus, type RegisteredTenant } from "./registry.ts";
export { findRequest, type KeptRequest } from "./requests.ts";
export { planVersion, SETTINGS_LEAD_MS, type PriceProposal } from "./rules.ts";
