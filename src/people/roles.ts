/**
 * Who may do what inside a tenant. An operator may do everything, in each tenant and in the gateway itself.
 *
 * | level    | viewer | member        | admin | owner | for                                                          |
 * | -------- | ------ | ------------- | ----- | ----- | ------------------------------------------------------------ |
 * | `read`   | yes    | own team only | yes   | yes   | usage, jobs, budgets, limits, keys, prices, balance          |
 * | `run`    | no     | own team only | yes   | yes   | submits from the playground, cancelling them                 |
 * | `manage` | no     | no            | yes   | yes   | keys, teams, webhooks, people, budgets below the tenant's    |
 * | `own`    | no     | no            | no    | yes   | owners and admins, the audit log's retention                 |
 *
 * What a tenant was given (its tenant-level budgets and limits, its credit, its pricing, its status) is the operator's alone.
 */
export const ROLES = ["owner", "admin", "member", "viewer"] as const;
export type Role = (typeof ROLES)[number];

export const LEVELS = ["read", "run", "manage", "own"] as const;
export type Level = (typeof LEVELS)[number];

const GRANTED: Readonly<Record<Role, readonly Level[]>> = {
  owner: ["read", "run", "manage", "own"],
  admin: ["read", "run", "manage"],
  member: ["read", "run"],
  viewer: ["read"],
};

export const mayAct = (role: Role, level: Level): boolean => GRANTED[role].includes(level);

/** A member without a team sees nothing: this is a name that no team can have, and not the `""` that stands for none in D1. */
export const NO_TEAM = "-";

/** Whose data a role may see: null is the whole tenant, else the one team. */
export const teamSeenBy = (role: Role, team: string | null): string | null =>
  role === "member" ? (team ?? NO_TEAM) : null;

/** Whom a role may invite, change and remove: nobody hands out more than they have. */
export const mayGrant = (own: Role | "operator", granted: Role): boolean => {
  if (own === "operator" || own === "owner") return true;
  return own === "admin" && (granted === "member" || granted === "viewer");
};
