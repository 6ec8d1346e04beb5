import { and, desc, eq, getTableColumns, gt, isNull, lt, notInArray } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { memberships, people, sessions } from "./schema.ts";
import { csrfTokenOf, hashSecret, isSecret, mintSecret } from "./session-token.ts";
import type { Session, SignInMethod } from "./types.ts";

/** A session ends this long after it began, whatever is done with it, and sooner where nobody uses it. */
export const SESSION_MS_MAX = 14 * 86_400_000;
export const SESSION_IDLE_MS_MAX = 3 * 86_400_000;

/** `seen_at` is written this often at most: it is a row. */
const SEEN_EVERY_MS = 300_000;

/** What a browser says of itself is kept so far. */
export const USER_AGENT_CHARS_MAX = 300;

export interface NewSession {
  person: string;
  method: SignInMethod;
  ip: string;
  userAgent: string;
  /** By which the person came in: it must be there still. */
  passkey?: string;
}

/** Sessions of one person: a new one ends the oldest. */
export const SESSIONS_MAX = 50;

type Random = (bytes: number) => Uint8Array;

/** A new session as it is stored, and the secret for the cookie, which is not. `random`: fresh random bytes. */
export function sessionRow({ person, method, ip, userAgent }: NewSession, now: number, random: Random) {
  const secret = mintSecret(random(32));
  const id = Buffer.from(random(8)).toString("hex");
  const times = { createdAt: now, seenAt: now, expiresAt: now + SESSION_MS_MAX };
  const agent = userAgent.slice(0, USER_AGENT_CHARS_MAX);
  return { secret, row: { hash: hashSecret(secret, "session"), id, person, method, ip, userAgent: agent, ...times } };
}

/**
 * Signs a person in. Answers the secret for the cookie; null: the person was disabled meanwhile, or the passkey taken away. It is asked in
 * the statement that begins the session, so that one which was about to begin does not outlive what ended all of them.
 */
export async function startSession(
  control: D1Database,
  session: NewSession,
  now: number,
  random: Random,
): Promise<{ id: string; secret: string; expiresAt: number } | null> {
  const { secret, row } = sessionRow(session, now, random);
  const db = drizzle(control);
  const ofPerson = eq(sessions.person, session.person);
  const newest = db.select({ hash: sessions.hash }).from(sessions).where(ofPerson);
  const { hash, id, person, method, ip, userAgent, createdAt, expiresAt } = row;
  const begin = control
    .prepare(BEGIN)
    .bind(hash, id, person, method, ip, userAgent, createdAt, expiresAt, session.passkey ?? null);
  if ((await begin.run()).meta.changes !== 1) return null;
  await db.batch([
    db.delete(sessions).where(lt(sessions.expiresAt, now)),
    db
      .delete(sessions)
      .where(and(ofPerson, notInArray(sessions.hash, newest.orderBy(desc(sessions.createdAt)).limit(SESSIONS_MAX)))),
  ]);
  return { id, secret, expiresAt };
}

const BEGIN = `INSERT INTO sessions (hash, id, person, method, ip, user_agent, created_at, seen_at, expires_at)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8 WHERE EXISTS (SELECT 1 FROM people WHERE people.id = ?3 AND disabled_at IS NULL)
    AND (?9 IS NULL OR EXISTS (SELECT 1 FROM passkeys WHERE passkeys.id = ?9 AND passkeys.person = ?3))`;

/** Who is signed in with this secret; null: nobody, any more. D1 is asked each time, so that a session that was ended is over. */
export async function findSession(control: D1Database, secret: string, now: number): Promise<Session | null> {
  if (!isSecret(secret)) return null;
  const db = drizzle(control);
  const hash = hashSecret(secret, "session");
  const isOpen = and(
    eq(sessions.hash, hash),
    gt(sessions.expiresAt, now),
    gt(sessions.seenAt, now - SESSION_IDLE_MS_MAX),
  );
  // Not a batch: D1's answers in one are by column name, of which two tables have the same.
  const [found, places] = await Promise.all([
    db
      .select({ session: sessions, person: people })
      .from(sessions)
      .innerJoin(people, eq(people.id, sessions.person))
      .where(and(isOpen, isNull(people.disabledAt))),
    db
      .select({ tenant: memberships.tenant, role: memberships.role, team: memberships.team })
      .from(sessions)
      .innerJoin(memberships, eq(memberships.person, sessions.person))
      .where(isOpen)
      .limit(MEMBERSHIPS_MAX),
  ]);
  const row = found[0];
  if (!row) return null;
  const { session, person } = row;
  if (now - session.seenAt > SEEN_EVERY_MS) {
    await db.update(sessions).set({ seenAt: now }).where(eq(sessions.hash, hash));
  }
  return {
    id: session.id,
    person: { id: person.id, email: person.email, name: person.name, operator: person.operator },
    memberships: places,
    method: session.method,
    csrf: csrfTokenOf(secret),
    createdAt: session.createdAt,
    expiresAt: session.expiresAt,
  };
}

/** Tenants in which one person may have a place. */
export const MEMBERSHIPS_MAX = 200;

/** Ends a session. False: there is none of this id (of this person, where one is given). */
export async function endSession(control: D1Database, id: string, person?: string): Promise<boolean> {
  const whose = person === undefined ? undefined : eq(sessions.person, person);
  const ended = await drizzle(control)
    .delete(sessions)
    .where(and(eq(sessions.id, id), whose))
    .returning({ id: sessions.id });
  return ended.length === 1;
}

export type StoredSession = Omit<typeof sessions.$inferSelect, "hash">;

/** A person's open sessions, newest first. */
export async function listSessions(control: D1Database, person: string, now: number): Promise<StoredSession[]> {
  const open = and(
    eq(sessions.person, person),
    gt(sessions.expiresAt, now),
    gt(sessions.seenAt, now - SESSION_IDLE_MS_MAX),
  );
  const { hash: _, ...columns } = getTableColumns(sessions);
  return drizzle(control)
    .select(columns)
    .from(sessions)
    .where(open)
    .orderBy(desc(sessions.createdAt))
    .limit(SESSIONS_MAX);
}
