import { mayAct, teamSeenBy, type Level, type Session } from "../people/index.ts";

export interface Link {
  label: string;
  path: string;
}

/** Pages of a tenant, in the order of the bar, with what a role needs to be shown each. */
const TENANT_PAGES: readonly { label: string; page: string; level: Level; isOfWhole?: true }[] = [
  { label: "Overview", page: "overview", level: "read" },
  { label: "Jobs", page: "jobs", level: "read" },
  { label: "Playground", page: "playground", level: "run" },
  { label: "Keys", page: "keys", level: "read" },
  { label: "Budgets", page: "budgets", level: "read" },
  { label: "Limits", page: "limits", level: "read" },
  { label: "Teams", page: "teams", level: "read" },
  { label: "Members", page: "members", level: "manage" },
  // Not for who sees one team.
  { label: "Billing", page: "billing", level: "read", isOfWhole: true },
  { label: "Webhooks", page: "webhooks", level: "manage" },
  { label: "Audit log", page: "audit-log", level: "manage" },
];

/** Pages of those who run the gateway. */
const OPERATOR_PAGES: readonly Link[] = [
  { label: "Gateway", path: "/console/gateway" },
  { label: "Tenants", path: "/console/tenants" },
  { label: "Upstream", path: "/console/upstream" },
  { label: "Models and prices", path: "/console/models" },
  { label: "People", path: "/console/people" },
  { label: "Operator keys", path: "/console/operator-keys" },
  { label: "Audit log", path: "/console/audit-log" },
];

export const tenantPath = (tenant: string, page: string): string => `/console/t/${tenant}/${page}`;

/** What the bar offers somebody who looks at this tenant; null: at none. Pages that would refuse are not offered. */
export function navigationOf(session: Session, tenant: string | null): { operators: readonly Link[]; tenant: Link[] } {
  const { operator } = session.person;
  const place = session.memberships.find((one) => one.tenant === tenant);
  const seesWhole = place !== undefined && teamSeenBy(place.role, place.team) === null;
  const shown = TENANT_PAGES.filter(
    ({ level, isOfWhole }) => operator || (place && mayAct(place.role, level) && (!isOfWhole || seesWhole)),
  );
  return {
    operators: operator ? OPERATOR_PAGES : [],
    tenant: tenant === null ? [] : shown.map(({ label, page }) => ({ label, path: tenantPath(tenant, page) })),
  };
}

/** Where somebody who comes in goes first. */
export function homeOf(session: Session): string {
  const [first] = session.memberships;
  if (session.person.operator) return "/console/gateway";
  return first ? tenantPath(first.tenant, "overview") : "/console/me";
}
