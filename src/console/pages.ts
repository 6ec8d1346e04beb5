import type { ConsoleApp } from "./console-app.ts";
import { auditLogPage } from "./pages/audit-log.tsx";
import { budgetsPage } from "./pages/budgets.tsx";
import { deliveriesPage } from "./pages/deliveries.tsx";
import { billingPage } from "./pages/billing.tsx";
import { endpointPage } from "./pages/endpoint.tsx";
import { gatewayPage } from "./pages/gateway.tsx";
import { homePage } from "./pages/home.tsx";
import { jobPage } from "./pages/job.tsx";
import { jobsPage } from "./pages/jobs.tsx";
import { keyPage } from "./pages/key.tsx";
import { keysPage } from "./pages/keys.tsx";
import { mePage } from "./pages/me.tsx";
import { operatorKeysPage } from "./pages/operator-keys.tsx";
import { overviewPage } from "./pages/overview.tsx";
import { limitsPage } from "./pages/limits.tsx";
import { memberPage } from "./pages/member.tsx";
import { membersPage } from "./pages/members.tsx";
import { decideJobPage } from "./pages/decide-job.tsx";
import { modelPage } from "./pages/model.tsx";
import { modelsPage } from "./pages/models.tsx";
import { personPage } from "./pages/person.tsx";
import { peoplePage } from "./pages/people.tsx";
import { refusedSignInsPage } from "./pages/refused-sign-ins.tsx";
import { playgroundPage } from "./pages/playground.tsx";
import { teamsPage } from "./pages/teams.tsx";
import { tenantMoneyPage } from "./pages/tenant-money.ts";
import { tenantPage } from "./pages/tenant.tsx";
import { tenantsPage } from "./pages/tenants.tsx";
import { upstreamPage } from "./pages/upstream.tsx";
import { webhooksPage } from "./pages/webhooks.tsx";
import { statementPage } from "./pages/statement.tsx";

/** Every page behind the sign-in, one line each. */
export const PAGES: readonly ((app: ConsoleApp) => void)[] = [
  homePage,
  gatewayPage,
  overviewPage,
  jobsPage,
  jobPage,
  playgroundPage,
  keysPage,
  keyPage,
  budgetsPage,
  limitsPage,
  teamsPage,
  membersPage,
  memberPage,
  // Before the endpoints, since "deliveries" is no endpoint's id.
  deliveriesPage,
  webhooksPage,
  endpointPage,
  tenantsPage,
  tenantPage,
  tenantMoneyPage,
  peoplePage,
  // Before a person, since it is no person's id.
  refusedSignInsPage,
  personPage,
  operatorKeysPage,
  modelsPage,
  modelPage,
  upstreamPage,
  decideJobPage,
  auditLogPage,
  billingPage,
  statementPage,
  mePage,
];
