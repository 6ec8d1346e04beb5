import { and, asc, eq, gt, isNull, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { challenges, passkeys } from "./schema.ts";

export const PASSKEYS_MAX = 20;
const CHALLENGE_MS = 300_000;

export type StoredPasskey = typeof passkeys.$inferSelect;

/** Keeps what is to be signed, for 5 minutes. `person`: who registers; null: somebody who signs in. */
export async function keepChallenge(
  control: D1Database,
  challenge: string,
  person: string | null,
  now: number,
): Promise<void> {
  const db = drizzle(control);
  await db.batch([
    db.delete(challenges).where(lt(challenges.expiresAt, now)),
    db.insert(challenges).values({ challenge, person, expiresAt: now + CHALLENGE_MS }),
  ]);
}

/** Uses a challenge up, before what was signed is looked at. False: it was not given to this person, or is over. */
export async function takeChallenge(
  control: D1Database,
  challenge: string,
  person: string | null,
  now: number,
): Promise<boolean> {
  const whose = person === null ? isNull(challenges.person) : eq(challenges.person, person);
  const taken = await drizzle(control)
    .delete(challenges)
    .where(and(eq(challenges.challenge, challenge), whose, gt(challenges.expiresAt, now)))
    .returning({ challenge: challenges.challenge });
  return taken.length === 1;
}

export async function findPasskey(control: D1Database, id: string): Promise<StoredPasskey | null> {
  const [row] = await drizzle(control).select().from(passkeys).where(eq(passkeys.id, id));
  return row ?? null;
}

/** A person's, oldest first: there are 20 at most. */
export async function listPasskeys(control: D1Database, person: string): Promise<StoredPasskey[]> {
  const own = drizzle(control).select().from(passkeys).where(eq(passkeys.person, person));
  return own.orderBy(asc(passkeys.createdAt), asc(passkeys.id)).limit(PASSKEYS_MAX);
}

/**
 * False: this key is registered already, perhaps by somebody else, or the person has as many as one may, or the session that
 * registers it has ended meanwhile: with it whatever it was about to set up.
 */
export async function addPasskey(
  control: D1Database,
  key: Omit<StoredPasskey, "lastUsedAt">,
  session: string,
): Promise<boolean> {
  const { id, person, publicKey, counter, transports, name, createdAt, ip, userAgent } = key;
  const added = control.prepare(ADD);
  const written = await added
    .bind(id, person, publicKey, counter, transports, name, createdAt, ip, userAgent, session)
    .run();
  return written.meta.changes === 1;
}

const ADD = `INSERT INTO passkeys (id, person, public_key, counter, transports, name, created_at, ip, user_agent)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE (SELECT count(*) FROM passkeys WHERE person = ?2) < ${PASSKEYS_MAX}
    AND EXISTS (SELECT 1 FROM sessions WHERE sessions.id = ?10 AND sessions.person = ?2)
  ON CONFLICT (id) DO NOTHING`;

/** Writes a use. False: the counter is not what was checked: somebody used the key meanwhile. */
export async function usePasskey(
  control: D1Database,
  key: Pick<StoredPasskey, "id" | "counter">,
  counter: number,
  now: number,
): Promise<boolean> {
  const used = await drizzle(control)
    .update(passkeys)
    .set({ counter, lastUsedAt: now })
    .where(and(eq(passkeys.id, key.id), eq(passkeys.counter, key.counter)))
    .returning({ id: passkeys.id });
  return used.length === 1;
}

/** Answers its name; null: the person has none of this id. */
export async function deletePasskey(control: D1Database, person: string, id: string): Promise<string | null> {
  const deleted = await drizzle(control)
    .delete(passkeys)
    .where(and(eq(passkeys.person, person), eq(passkeys.id, id)))
    .returning({ name: passkeys.name });
  return deleted[0]?.name ?? null;
}
