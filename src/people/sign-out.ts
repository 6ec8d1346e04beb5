/** What was ended of a person. */
export interface SignedOut {
  sessions: number;
  links: number;
  passkeys: number;
}

/**
 * Signs a person out everywhere: all sessions and open links end, and with `passkeys` those, too, so that nothing that somebody else set
 * up lets them in again. `keep`: the session that asks, if it is the person's own.
 */
export async function signOut(
  control: D1Database,
  { person, passkeys, keep = "" }: { person: string; passkeys: boolean; keep?: string },
  now: number,
): Promise<SignedOut> {
  const results = await control.batch([
    control.prepare(SESSIONS).bind(person, keep),
    control.prepare(LINKS).bind(person, now),
    control.prepare(PASSKEYS).bind(person, Number(passkeys)),
  ]);
  const [ended = 0, revoked = 0, deleted = 0] = results.map(({ meta }) => meta.changes);
  return { sessions: ended, links: revoked, passkeys: deleted };
}

const SESSIONS = `DELETE FROM sessions WHERE person = ?1 AND id <> ?2`;
const LINKS = `UPDATE sign_in_links SET revoked_at = ?2 WHERE person = ?1 AND kind = 'sign_in' AND used_at IS NULL AND revoked_at IS NULL`;
const PASSKEYS = `DELETE FROM passkeys WHERE person = ?1 AND ?2 = 1`;
