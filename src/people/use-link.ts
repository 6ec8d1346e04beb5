import { err, ok, type Result } from "../errors/result.ts";
import { endWaysIn } from "./end-ways-in.ts";
import { judgeLink, type LinkRefusal, type SignInLink } from "./link-rules.ts";
import { findLink } from "./link-store.ts";
import { MAKER_MAY } from "./maker-may.ts";
import { findPersonByEmail, findPersonById, operatorWorks } from "./person-store.ts";
import { MEMBERSHIPS_MAX, sessionRow, SESSIONS_MAX } from "./session-store.ts";
import { hashSecret, isSecret } from "./session-token.ts";

export interface LinkUse {
  code: string;
  /** Who is signed in already, in the same browser. */
  signedInAs: string | null;
  ip: string;
  userAgent: string;
}

type Random = (bytes: number) => Uint8Array;

/**
 * Signs somebody in by a link, and makes the person and the place that it gives. Of any number of calls at once one succeeds: using it up
 * and all that follows is one transaction, in which the rest is read from the link as this call used it.
 */
export async function useLink(
  control: D1Database,
  use: LinkUse,
  now: number,
  random: Random,
): Promise<Result<{ secret: string; expiresAt: number }, LinkRefusal>> {
  const judged = await judge(control, use, now);
  if (!judged.ok) return judged;
  const person = judged.value.person ?? Buffer.from(random(8)).toString("hex");
  const { row, secret } = sessionRow({ person, method: "link", ip: use.ip, userAgent: use.userAgent }, now, random);
  const hash = hashSecret(use.code, "link");
  const run = (text: string, ...more: (string | number)[]) =>
    control.prepare(text).bind(now, row.id, hash, person, ...more);
  const results = await control.batch([
    run(TAKE),
    run(MAKE_PERSON),
    run(MAKE_PLACE),
    // Their e-mail is proved now, or they join another tenant: who could come in as them before must not have that.
    ...endWaysIn(control, { person, now, when: `(${PROVES} OR ${JOINS})`, given: [row.id, hash] }),
    run(PROVE),
    run(BEGIN, row.hash, row.method, row.ip, row.userAgent, row.expiresAt),
    run(END_OLDEST),
  ]);
  if (results[0]?.meta.changes === 1) return ok({ secret, expiresAt: row.expiresAt });
  // Something changed since it was judged: most likely somebody else has used it.
  const again = await judge(control, use, now);
  return again.ok ? err("used") : again;
}

async function judge(control: D1Database, use: LinkUse, now: number): Promise<Result<Judged, LinkRefusal>> {
  const link = isSecret(use.code) ? await findLink(control, use.code) : null;
  if (!link) return err("unknown");
  const [target, operatorExists] = await Promise.all([targetOf(control, link), operatorWorks(control)]);
  const asked = control.prepare(ASK).bind(hashSecret(use.code, "link"), target?.id ?? "");
  const known = await asked.first<{ maker_may: number; has_room: number }>();
  return judgeLink(link, {
    now,
    target: target && { id: target.id, disabled: target.disabledAt !== null },
    signedInAs: use.signedInAs,
    operatorExists,
    makerMay: known?.maker_may === 1,
    hasRoom: known?.has_room === 1,
  });
}

type Judged = { person: string | null };

const targetOf = (control: D1Database, link: SignInLink) =>
  link.person !== null
    ? findPersonById(control, link.person)
    : link.email === null
      ? Promise.resolve(null)
      : findPersonByEmail(control, link.email);

/** Whether a person can take the place that a link gives: there it is already, or there is room for one more. */
const hasRoom = (person: string): string => `(tenant IS NULL
  OR EXISTS (SELECT 1 FROM memberships AS there WHERE there.tenant = sign_in_links.tenant AND there.person = ${person})
  OR (SELECT count(*) FROM memberships AS there WHERE there.person = ${person}) < ${MEMBERSHIPS_MAX})`;

const ASK = `SELECT ${MAKER_MAY} AS maker_may, ${hasRoom("?2")} AS has_room FROM sign_in_links WHERE hash = ?1`;

/** ?1 now, ?2 the new session's id, ?3 the link's hash, ?4 the person. What was judged is asked again, since it may have changed. */
const TAKE = `UPDATE sign_in_links SET used_at = ?1, session = ?2, person = ?4
  WHERE hash = ?3 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > ?1 AND ${MAKER_MAY} AND ${hasRoom("?4")}
  AND NOT EXISTS (SELECT 1 FROM people WHERE id = ?4 AND disabled_at IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM people WHERE email = sign_in_links.email AND id <> ?4)
  AND NOT (kind = 'first_operator' AND EXISTS (SELECT 1 FROM people WHERE operator = 1 AND disabled_at IS NULL))`;

/** The link, if it is this call that used it. */
const MINE = `FROM sign_in_links WHERE hash = ?3 AND session = ?2`;

const MAKE_PERSON = `INSERT INTO people (id, email, name, operator, created_at)
  SELECT ?4, email, coalesce(name, 'Operator'), kind = 'first_operator', ?1 ${MINE} AND kind <> 'sign_in'
  ON CONFLICT (id) DO NOTHING`;

const MAKE_PLACE = `INSERT INTO memberships (tenant, person, role, team, created_at)
  SELECT tenant, ?4, role, team, ?1 ${MINE} AND tenant IS NOT NULL
  ON CONFLICT (tenant, person) DO NOTHING`;

const PROVES = `EXISTS (SELECT 1 FROM sign_in_links, people WHERE hash = ?4 AND session = ?3 AND proves_email = 1
  AND people.id = ?1 AND proven_at IS NULL)`;
/** As an operator, who is let in by operators alone, nobody else came in. */
const JOINS = `EXISTS (SELECT 1 FROM sign_in_links, people WHERE hash = ?4 AND session = ?3 AND kind = 'invitation'
  AND people.id = ?1 AND operator = 0)`;
const PROVE = `UPDATE people SET proven_at = ?1 WHERE id = ?4 AND proven_at IS NULL AND EXISTS (SELECT 1 ${MINE} AND proves_email = 1)`;

const BEGIN = `INSERT INTO sessions (hash, id, person, method, ip, user_agent, created_at, seen_at, expires_at)
  SELECT ?5, ?2, ?4, ?6, ?7, ?8, ?1, ?1, ?9 ${MINE}`;

const END_OLDEST = `DELETE FROM sessions WHERE person = ?4 AND EXISTS (SELECT 1 ${MINE}) AND (expires_at < ?1 OR hash NOT IN
  (SELECT hash FROM sessions WHERE person = ?4 ORDER BY created_at DESC LIMIT ${SESSIONS_MAX}))`;
