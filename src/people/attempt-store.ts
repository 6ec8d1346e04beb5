import { sha256Hex } from "../keys/sha256-hex.ts";
import { ATTEMPT_SPAN_MS, secondsToNextSpan, spanOf } from "./attempt-rules.ts";

/** Counts a try. Null: it may go on; else the seconds after which the next may. What is refused writes nothing. */
export async function countAttempt(
  control: D1Database,
  subject: string,
  max: number,
  now: number,
): Promise<number | null> {
  const since = spanOf(now);
  const [, counted] = await control.batch([
    control.prepare("DELETE FROM attempts WHERE since < ?1").bind(since - ATTEMPT_SPAN_MS),
    control.prepare(COUNT).bind(sha256Hex(`wavegate attempt\n${subject}`), since, max),
  ]);
  return counted?.meta.changes === 1 ? null : secondsToNextSpan(now);
}

const COUNT = `INSERT INTO attempts (subject, since, tries) VALUES (?1, ?2, 1)
  ON CONFLICT (subject, since) DO UPDATE SET tries = tries + 1 WHERE tries < ?3`;
