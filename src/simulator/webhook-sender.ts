import { secretOfAccount } from "./account.ts";
import type { Delivery } from "./delivery-store.ts";
import { predictionOf, withInput } from "./prediction.ts";
import type { Task } from "./task.ts";
import { signatureOf } from "./webhook-signature.ts";

/** WaveSpeed waits 20 minutes; an alarm may last 15 in all. */
const REPLY_MS_MAX = 30_000;
/** Waits before the three retries; WaveSpeed says only that they grow. */
const RETRY_WAITS_MS = [1_000, 4_000, 16_000];

/**
 * Posts a task's bare prediction to its receiver, signed as of `now` (a retry is signed afresh, as
 * receivers refuse old timestamps). Gives the receiver's status, 0 when there was no answer.
 */
export async function sendWebhook(task: Task, delivery: Delivery, now: number): Promise<number> {
  const body = JSON.stringify(withInput(predictionOf({ task, now }, task.public_base), task));
  // Receivers check the timestamp against real time, which the account's own clock may have left.
  const timestamp = String(Math.floor(Date.now() / 1000));
  const secret = delivery.forged === 1 ? "whsec_not_this_accounts_secret" : await secretOfAccount(task.account);
  try {
    const response = await fetch(task.webhook_url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "webhook-id": task.id,
        "webhook-timestamp": timestamp,
        "webhook-signature": await signatureOf(secret, task.id, timestamp, body),
      },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(REPLY_MS_MAX),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
}

/** Notes the outcome of an attempt on the delivery: done, again later, or given up. */
export function settleAttempt(delivery: Delivery, status: number, now: number): void {
  delivery.last_status = status;
  const wait = RETRY_WAITS_MS[delivery.attempt];
  delivery.attempt += 1;
  if (status >= 200 && status < 300) delivery.state = "sent";
  else if (wait === undefined) delivery.state = "failed";
  else delivery.due_at = now + wait;
}
