import { and, asc, eq, gt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { endWaysIn, letInBy } from "./end-ways-in.ts";
import { mayGrant, type Role } from "./roles.ts";
import { memberships, people } from "./schema.ts";

/** Somebody with a place in a tenant. */
export interface Member {
  id: string;
  email: string | null;
  name: string;
  role: Role;
  team: string | null;
  disabled: boolean;
  createdAt: number;
}

const columns = {
  id: people.id,
  email: people.email,
  name: people.name,
  role: memberships.role,
  team: memberships.team,
  disabledAt: people.disabledAt,
  createdAt: memberships.createdAt,
};

type Row = Omit<Member, "disabled"> & { disabledAt: number | null };

const toMember = ({ disabledAt, ...row }: Row): Member => ({ ...row, disabled: disabledAt !== null });

/** By person id, which is random. `team`: of this one alone; null: all. */
export async function listMembers(
  control: D1Database,
  tenant: string,
  { after, limit, team }: { after: string; limit: number; team: string | null },
): Promise<Member[]> {
  const ofTeam = team === null ? undefined : eq(memberships.team, team);
  const rows = await drizzle(control)
    .select(columns)
    .from(memberships)
    .innerJoin(people, eq(people.id, memberships.person))
    .where(and(eq(memberships.tenant, tenant), gt(memberships.person, after), ofTeam))
    .orderBy(asc(memberships.person))
    .limit(limit);
  return rows.map(toMember);
}

export async function findMember(control: D1Database, tenant: string, person: string): Promise<Member | null> {
  const [row] = await drizzle(control)
    .select(columns)
    .from(memberships)
    .innerJoin(people, eq(people.id, memberships.person))
    .where(and(eq(memberships.tenant, tenant), eq(memberships.person, person)));
  return row ? toMember(row) : null;
}

export async function isMemberEmail(control: D1Database, tenant: string, email: string): Promise<boolean> {
  const found = await drizzle(control)
    .select({ id: people.id })
    .from(people)
    .innerJoin(memberships, eq(memberships.person, people.id))
    .where(and(eq(people.email, email), eq(memberships.tenant, tenant)));
  return found.length === 1;
}

export interface PlaceChange {
  tenant: string;
  person: string;
  /** The role that the caller was allowed to change: should it be another by now, nothing is done. */
  from: Role;
  /** Null: the place is taken away. */
  to: { role: Role; team: string | null } | null;
  /** An operator may leave a tenant without an owner. */
  byOperator: boolean;
}

/**
 * Changes or takes away a place. "kept": it is the last owner's who can sign in, or its role has changed meanwhile. Whoever loses
 * their role loses the open links that they made, and the sessions in which they may be somebody else by one; whoever is raised above
 * those who could have come in as them signs in again.
 */
export async function changePlace(control: D1Database, change: PlaceChange, now: number): Promise<"changed" | "kept"> {
  const { tenant, person, from, to, byOperator } = change;
  const whose = [tenant, person, from, Number(byOperator || to?.role === "owner")] as const;
  const first = to ? control.prepare(UPDATE).bind(...whose, to.role, to.team) : control.prepare(DELETE).bind(...whose);
  const [changed] = await control.batch([
    first,
    control.prepare(END_LINKS).bind(tenant, person, from, now, `person:${person}`),
    control.prepare(END_LET_IN).bind(tenant, person, from, `person:${person}`),
    ...(to && isRaised(from, to.role)
      ? endWaysIn(control, { person, now, when: RAISED, given: [tenant, to.role] })
      : []),
  ]);
  return changed?.meta.changes === 1 ? "changed" : "kept";
}

const ALLOWED = `tenant = ?1 AND person = ?2 AND role = ?3 AND (role <> 'owner' OR ?4 = 1 OR EXISTS (
  SELECT 1 FROM memberships AS other JOIN people ON people.id = other.person AND people.disabled_at IS NULL
  WHERE other.tenant = ?1 AND other.role = 'owner' AND other.person <> ?2))`;

const UPDATE = `UPDATE memberships SET role = ?5, team = ?6 WHERE ${ALLOWED}`;
const DELETE = `DELETE FROM memberships WHERE ${ALLOWED}`;

/** Whether fewer may let somebody of the new role in than of the old one. */
const isRaised = (from: Role, to: Role): boolean => mayGrant("admin", from) && !mayGrant("admin", to);

const RAISED = `EXISTS (SELECT 1 FROM memberships WHERE tenant = ?3 AND person = ?1 AND role = ?4)`;

const END_LET_IN = `DELETE FROM sessions WHERE ${letInBy("?4")}
  AND NOT EXISTS (SELECT 1 FROM memberships WHERE tenant = ?1 AND person = ?2 AND role = ?3)`;

/** Only where the role is another now: it was changed, or taken away. */
const END_LINKS = `UPDATE sign_in_links SET revoked_at = ?4 WHERE made_by = ?5 AND used_at IS NULL AND revoked_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM memberships WHERE tenant = ?1 AND person = ?2 AND role = ?3)`;
