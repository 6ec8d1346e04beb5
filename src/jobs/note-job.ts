import type { Env } from "../config.ts";
import { ledgerOf } from "../ledger/ledger-of.ts";
import { raiseAlert } from "../observability/alerts.ts";
import type { Job } from "./job.ts";

type Kind = "unknown_entered" | "unknown_left" | "needs_operator";

/** Tells the ledger, and where people are needed these too, what is known or not known of an open job. */
export async function noteJob(env: Env, { id, tenant }: Job, kind: Kind, reason: string): Promise<void> {
  if (kind === "needs_operator") await raiseAlert(env.CONTROL, { kind, subject: id, message: reason });
  await ledgerOf(env, tenant).note({ jobId: id, kind, reason });
}
