export { describeApi } from "./describe-api.ts";
export { issueManagementKey } from "./issue-management-key.ts";
export { makeTenant, type MadeTenant, type TenantRequest } from "./make-tenant.ts";
export { managementApp, refuseError, type ManagementApp } from "./management-app.ts";
export type { ManagementEnv, Principal, Services } from "./services.ts";
