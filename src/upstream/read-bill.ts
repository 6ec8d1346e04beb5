import { isRecord } from "./envelope.ts";

const MICROS_PER_USD = 1_000_000;

/** Above any price in USD: an older edition of the bill gives whole millionths. */
const USD_MAX = 10_000;

/** What each task of these records cost, less what was given back, in micro-dollars. Records of no task are passed over. */
export function readBill(items: readonly Record<string, unknown>[]): Map<string, number> {
  const bill = new Map<string, number>();
  for (const { billing_type: type, price, prediction } of items) {
    const id = isRecord(prediction) ? prediction["uuid"] : undefined;
    if (typeof id !== "string" || typeof price !== "number" || (type !== "deduct" && type !== "refund")) continue;
    const micros = Math.abs(price) > USD_MAX ? Math.round(price) : Math.round(price * MICROS_PER_USD);
    bill.set(id, (bill.get(id) ?? 0) + (type === "deduct" ? micros : -micros));
  }
  return bill;
}
