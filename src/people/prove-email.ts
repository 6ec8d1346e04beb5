import { and, eq, isNull, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { passkeys, people, sessions } from "./schema.ts";

/** A person's e-mail is known to be theirs. The first time, whatever somebody else may have set up in their name ends. */
export async function proveEmail(control: D1Database, person: string, now: number): Promise<void> {
  const db = drizzle(control);
  const unproved = sql`exists (select 1 from ${people} where ${people.id} = ${person} and ${people.provenAt} is null)`;
  await db.batch([
    db.delete(sessions).where(and(eq(sessions.person, person), unproved)),
    db.delete(passkeys).where(and(eq(passkeys.person, person), unproved)),
    db
      .update(people)
      .set({ provenAt: now })
      .where(and(eq(people.id, person), isNull(people.provenAt))),
  ]);
}
