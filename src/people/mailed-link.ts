import { LINK_KEPT_MS, LINK_MS } from "./link-rules.ts";
import { hashSecret, mintSecret } from "./session-token.ts";

/**
 * A person is mailed a link this often at most, whoever asks and from however many addresses. One that was mailed before works for 10
 * minutes more at least, so who asks again has it in the mailbox.
 */
export const MAILED_EVERY_MS = 300_000;

type Random = (bytes: number) => Uint8Array;

/** A sign-in link that is only mailed, for its own person. Null: the one that was mailed last is recent, and open. */
export async function makeMailedLink(
  control: D1Database,
  person: string,
  now: number,
  random: Random,
): Promise<{ id: string; code: string } | null> {
  const code = mintSecret(random(32));
  const id = Buffer.from(random(8)).toString("hex");
  const values = [hashSecret(code, "link"), id, person, `person:${person}`, now, now + LINK_MS.sign_in];
  const [, made] = await control.batch([
    control.prepare("DELETE FROM sign_in_links WHERE expires_at < ?1").bind(now - LINK_KEPT_MS),
    control.prepare(MAKE).bind(...values, now - MAILED_EVERY_MS),
  ]);
  return made?.meta.changes === 1 ? { id, code } : null;
}

/** It could not be mailed: the next who asks must not wait for it. */
export async function dropMailedLink(control: D1Database, id: string, now: number): Promise<void> {
  await control.prepare(DROP).bind(id, now).run();
}

const MAKE = `INSERT INTO sign_in_links (hash, id, kind, person, proves_email, made_by, created_at, expires_at)
  SELECT ?1, ?2, 'sign_in', ?3, 1, ?4, ?5, ?6 WHERE NOT EXISTS (SELECT 1 FROM sign_in_links WHERE person = ?3
    AND kind = 'sign_in' AND proves_email = 1 AND used_at IS NULL AND revoked_at IS NULL AND created_at > ?7)`;

const DROP = `UPDATE sign_in_links SET revoked_at = ?2 WHERE id = ?1 AND used_at IS NULL AND revoked_at IS NULL`;
