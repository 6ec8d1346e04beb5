/** Every page of the console, by a name for its picture. `tenant`, `job`, `month` and `person` are filled in. */
export const CONSOLE_PAGES: Readonly<Record<string, string>> = {
  gateway: "/console/gateway",
  tenants: "/console/tenants",
  upstream: "/console/upstream",
  models: "/console/models",
  people: "/console/people",
  person: "/console/people/{person}",
  "refused-sign-ins": "/console/people/refused-sign-ins",
  "operator-keys": "/console/operator-keys",
  tenant: "/console/tenants/{tenant}",
  "gateway-audit-log": "/console/audit-log",
  me: "/console/me",
  overview: "/console/t/{tenant}/overview",
  jobs: "/console/t/{tenant}/jobs",
  job: "/console/t/{tenant}/jobs/{job}",
  playground: "/console/t/{tenant}/playground?job={job}&model=kwaivgi/kling-v2.1-i2v-pro",
  keys: "/console/t/{tenant}/keys",
  budgets: "/console/t/{tenant}/budgets",
  limits: "/console/t/{tenant}/limits",
  teams: "/console/t/{tenant}/teams",
  members: "/console/t/{tenant}/members",
  member: "/console/t/{tenant}/members/{person}",
  billing: "/console/t/{tenant}/billing",
  statement: "/console/t/{tenant}/billing/{month}",
  webhooks: "/console/t/{tenant}/webhooks",
  deliveries: "/console/t/{tenant}/webhooks/deliveries",
  "new-key": "/console/t/{tenant}/keys/new",
  "new-budget": "/console/t/{tenant}/budgets/edit",
  "audit-log": "/console/t/{tenant}/audit-log",
  docs: "/docs",
};

/** A page's address with what it is about. */
export const pageAddress = (path: string, about: Readonly<Record<string, string>>): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => about[name] ?? "");
