import { refundOnce } from "./billing-store.ts";
import { count } from "./counters.ts";
import { type Delivery, dueDeliveries, multiply, script, update } from "./delivery-store.ts";
import { takeFault } from "./fault-store.ts";
import { webhookFaultSchema } from "./fault.ts";
import { readSettings } from "./settings.ts";
import { findTask } from "./task-store.ts";
import { promptOf, type Task } from "./task.ts";
import { settleAttempt } from "./webhook-sender.ts";

/** The deliveries to attempt now, after the control endpoint's webhook faults had their say on each. */
export function takeDueWebhooks(sql: SqlStorage, now: number): Delivery[] {
  return dueDeliveries(sql, now).filter((delivery) => {
    if (delivery.scripted === 0 && !scripted(sql, delivery, now)) return false;
    multiply(sql, delivery);
    return true;
  });
}

/** Notes how an attempt went. `task` is null when it was forgotten or deleted meanwhile. */
export function settleWebhook(
  sql: SqlStorage,
  delivery: Delivery,
  task: Task | null,
  status: number,
  now: number,
): void {
  if (task === null) {
    update(sql, { ...delivery, state: "skipped" });
    return;
  }
  count(sql, "webhooks");
  settleAttempt(delivery, status, now);
  update(sql, delivery);
  const refunds = readSettings(sql).refund_undelivered === 1;
  if (delivery.state === "failed" && refunds) refundOnce(sql, task, now);
}

function scripted(sql: SqlStorage, delivery: Delivery, now: number): boolean {
  const task = findTask(sql, delivery.prediction_id, now);
  if (task === null) return script(sql, delivery, { send: "none" });
  const occasion = { model: task.model, prompt: promptOf(task), predictionId: task.id };
  const json = takeFault(sql, "webhook", occasion);
  return script(sql, delivery, json === null ? {} : webhookFaultSchema.parse(JSON.parse(json)));
}
