/** Who gives a person more than there was must know that it is they who have it. */
interface Ended {
  person: string;
  now: number;
  /** SQL: whether it is so. It has the parameters ?3 and on. */
  when: string;
  given?: readonly (string | number)[];
}

/**
 * Statements that end each session, passkey and open link by which a person may come in: whoever managed one of their tenants may
 * have made a link and used it, and would have what the person is given from now on. Links that are only mailed stay.
 */
export function endWaysIn(control: D1Database, { person, now, when, given = [] }: Ended): D1PreparedStatement[] {
  return [SESSIONS, PASSKEYS, LINKS].map((text) =>
    control.prepare(`${text} AND ?2 IS NOT NULL AND ${when}`).bind(person, now, ...given),
  );
}

const SESSIONS = `DELETE FROM sessions WHERE person = ?1`;
const PASSKEYS = `DELETE FROM passkeys WHERE person = ?1`;
const LINKS = `UPDATE sign_in_links SET revoked_at = ?2 WHERE person = ?1 AND kind = 'sign_in' AND proves_email = 0
  AND used_at IS NULL AND revoked_at IS NULL`;

/** SQL: a session of somebody else that a link of this maker (`person:...`) began. A link that people had mailed to themselves is theirs. */
export const letInBy = (maker: string): string => `id IN (SELECT session FROM sign_in_links
  WHERE made_by = ${maker} AND kind = 'sign_in' AND session IS NOT NULL AND 'person:' || person <> made_by)`;

/** Ends what a maker's links gave and may give: open ones, and sessions in which somebody is another person by one. */
export async function endMadeBy(control: D1Database, maker: string, now: number): Promise<void> {
  await control.batch([
    control.prepare(MADE).bind(maker, now),
    control.prepare(`DELETE FROM sessions WHERE ${letInBy("?1")}`).bind(maker),
  ]);
}

const MADE = `UPDATE sign_in_links SET revoked_at = ?2 WHERE made_by = ?1 AND used_at IS NULL AND revoked_at IS NULL`;
