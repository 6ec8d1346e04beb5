import { endWaysIn } from "./end-ways-in.ts";

/** A person's e-mail is known to be theirs. The first time, whatever somebody else may have set up in their name ends. */
export async function proveEmail(control: D1Database, person: string, now: number): Promise<void> {
  await control.batch([
    ...endWaysIn(control, { person, now, when: UNPROVED }),
    control.prepare(PROVE).bind(person, now),
  ]);
}

const UNPROVED = `EXISTS (SELECT 1 FROM people WHERE id = ?1 AND proven_at IS NULL)`;
const PROVE = `UPDATE people SET proven_at = ?2 WHERE id = ?1 AND proven_at IS NULL`;
