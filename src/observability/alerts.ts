import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { alerts } from "../settings/schema.ts";

const SUBJECT_CHARS_MAX = 200;
const MESSAGE_CHARS_MAX = 1_000;

/** What an operator must look at. `kind`: snake_case; `subject`: a job id, a model, an account. */
export interface Alert {
  kind: string;
  subject: string;
  message: string;
}

/**
 * Records an alert in D1 CONTROL; the same kind and subject again raises its count and keeps the
 * newest message. False: D1 did not take it. Never throws, since it is called from places that are
 * handling a fault already. `message` must hold no secrets: it is shown.
 */
export async function raiseAlert(control: D1Database, alert: Alert): Promise<boolean> {
  const now = Date.now();
  const message = alert.message.slice(0, MESSAGE_CHARS_MAX);
  const subject = alert.subject.slice(0, SUBJECT_CHARS_MAX);
  try {
    await drizzle(control)
      .insert(alerts)
      .values({ id: crypto.randomUUID(), kind: alert.kind, subject, message, firstAt: now, lastAt: now })
      .onConflictDoUpdate({
        target: [alerts.kind, alerts.subject],
        set: { message, lastAt: now, count: sql`${alerts.count} + 1` },
      });
    return true;
  } catch {
    return false;
  }
}
