import { and, asc, eq, gt, isNull } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { endWaysIn, letInBy } from "./end-ways-in.ts";
import { memberships, people } from "./schema.ts";
import { MEMBERSHIPS_MAX } from "./session-store.ts";
import type { Membership } from "./types.ts";

export type StoredPerson = typeof people.$inferSelect;

export async function findPersonById(control: D1Database, id: string): Promise<StoredPerson | null> {
  const [row] = await drizzle(control).select().from(people).where(eq(people.id, id));
  return row ?? null;
}

/** `email`: lower case, as it is stored. */
export async function findPersonByEmail(control: D1Database, email: string): Promise<StoredPerson | null> {
  const [row] = await drizzle(control).select().from(people).where(eq(people.email, email));
  return row ?? null;
}

/** Whether somebody who runs the gateway can sign in. */
export async function operatorWorks(control: D1Database): Promise<boolean> {
  const working = and(eq(people.operator, true), isNull(people.disabledAt));
  const found = await drizzle(control).select({ id: people.id }).from(people).where(working).limit(1);
  return found.length === 1;
}

/** By id, which is random. */
export async function listPeople(control: D1Database, page: { after: string; limit: number }): Promise<StoredPerson[]> {
  const rest = drizzle(control).select().from(people).where(gt(people.id, page.after));
  return rest.orderBy(asc(people.id)).limit(page.limit);
}

/** False: the e-mail is another person's. An operator says whose the e-mail is, so it counts as proved. */
export async function addPerson(
  control: D1Database,
  person: { id: string; email: string; name: string; operator: boolean },
  now: number,
): Promise<boolean> {
  const row = { ...person, createdAt: now, provenAt: now };
  const added = await drizzle(control).insert(people).values(row).onConflictDoNothing().returning({ id: people.id });
  return added.length === 1;
}

export async function placesOf(control: D1Database, person: string): Promise<Membership[]> {
  return drizzle(control)
    .select({ tenant: memberships.tenant, role: memberships.role, team: memberships.team })
    .from(memberships)
    .where(eq(memberships.person, person))
    .limit(MEMBERSHIPS_MAX);
}

export interface PersonChange {
  name?: string | undefined;
  operator?: boolean | undefined;
  disabled?: boolean | undefined;
}

/**
 * Changes a person. "last_operator": it would leave nobody who runs the gateway and can sign in. Who is disabled, or runs the gateway
 * no more, has no open link and has made none; who is disabled has no session, and is in none of somebody else by a link. Who is to run
 * the gateway signs in again, by a link that an operator makes.
 */
export async function changePerson(
  control: D1Database,
  id: string,
  change: PersonChange,
  now: number,
): Promise<StoredPerson | "unknown" | "last_operator"> {
  const name = change.name ?? null;
  const operator = change.operator === undefined ? null : Number(change.operator);
  const disabled = change.disabled === undefined ? null : Number(change.disabled);
  // Whoever let them in as a tenant's member must not be an operator by that.
  const ends = operator === 1 ? endWaysIn(control, { person: id, now, when: NO_OPERATOR_YET }) : [];
  const results = await control.batch([
    ...ends,
    control.prepare(CHANGE).bind(id, name, operator, disabled, now),
    control.prepare(END_SESSIONS).bind(id, `person:${id}`),
    control.prepare(END_LINKS).bind(id, now, `person:${id}`, Number(operator === 0)),
  ]);
  const person = await findPersonById(control, id);
  if (!person) return "unknown";
  return results[ends.length]?.meta.changes === 1 ? person : "last_operator";
}

const WORKS_STILL = `coalesce(?3, operator) = 1 AND CASE ?4 WHEN 1 THEN 0 WHEN 0 THEN 1 ELSE disabled_at IS NULL END`;

const CHANGE = `UPDATE people SET name = coalesce(?2, name), operator = coalesce(?3, operator),
  disabled_at = CASE ?4 WHEN 1 THEN coalesce(disabled_at, ?5) WHEN 0 THEN NULL ELSE disabled_at END
  WHERE id = ?1 AND (operator = 0 OR disabled_at IS NOT NULL OR (${WORKS_STILL})
    OR EXISTS (SELECT 1 FROM people AS other WHERE other.operator = 1 AND other.disabled_at IS NULL AND other.id <> ?1))`;

const DISABLED = `EXISTS (SELECT 1 FROM people WHERE id = ?1 AND disabled_at IS NOT NULL)`;

const END_SESSIONS = `DELETE FROM sessions WHERE (person = ?1 OR ${letInBy("?2")}) AND ${DISABLED}`;

const NO_OPERATOR_YET = `EXISTS (SELECT 1 FROM people WHERE id = ?1 AND operator = 0)`;

const DEMOTED = `(?4 = 1 AND EXISTS (SELECT 1 FROM people WHERE id = ?1 AND operator = 0))`;

const END_LINKS = `UPDATE sign_in_links SET revoked_at = ?2 WHERE (person = ?1 OR made_by = ?3)
  AND used_at IS NULL AND revoked_at IS NULL AND (${DISABLED} OR ${DEMOTED})`;
