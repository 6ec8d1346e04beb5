export { writeAccountState } from "./account-states.ts";
export { listAlerts, removeAlert, type AlertPlace, type RaisedAlert } from "./alerts.ts";
export { ALLOWED_ORIGINS_MAX, hasRoomForOrigins, listsOrigin, writeAllowedOrigins } from "./allowed-origins.ts";
export { admissibleRates, type AdmissibleRates } from "./admissible-rates.ts";
export { forgetSettings, loadSettings, readSettings, type Settings } from "./load-settings.ts";
export {
  knownModelIds,
  listCatalogueModels,
  readCatalogueModel,
  readCatalogueModels,
  type CatalogueEntry,
  type CatalogueModel,
} from "./catalogue-models.ts";
export {
  ENABLED_MODELS_MAX,
  ENABLED_SCHEMA_CHARS_MAX,
  loadOfEnabled,
  readEnabledModels,
  writeEnabledModel,
  type EnabledModel,
} from "./enabled-models.ts";
export { modelOf, modelsOf, refuseModel } from "./find-model.ts";
export { planEnabling, readEnablable, type Enablable } from "./plan-enabling.ts";
export {
  findManagementKey,
  insertManagementKey,
  listManagementKeys,
  managementKeyWorks,
  revokeManagementKey,
  type ManagementKey,
} from "./management-keys.ts";
export { writeModelEnabled } from "./model-settings.ts";
export { PAUSES_MAX, readPauses, refusePaused, removePause, writePause, type Pause } from "./pauses.ts";
export { insertVersion, insertVersionOnce, readVersions } from "./rate-versions.ts";
export {
  findTenant,
  listTenants,
  registerTenant,
  tenantNames,
  writeTenantStatus,
  type RegisteredTenant,
} from "./registry.ts";
export { findRequest, type KeptRequest } from "./requests.ts";
export { planVersion, SETTINGS_LEAD_MS, type PriceProposal } from "./rules.ts";
