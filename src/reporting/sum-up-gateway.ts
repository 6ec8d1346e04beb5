import { DAY_SUMS } from "./day-sums.ts";

const SUMS = DAY_SUMS.map((column) => `sum(${column})`).join(", ");

/**
 * Makes the gateway's days anew from those of all tenants, in one step: whatever was counted there by a release that did
 * not know them, or was put right by hand, is in them then. Reads all of `usage_days`: for the end of a rebuild only.
 */
export async function sumUpGateway(db: D1Database): Promise<void> {
  await db.batch([
    db.prepare("DELETE FROM gateway_days"),
    db.prepare(
      `INSERT INTO gateway_days (mode, local_day, model, ${DAY_SUMS.join(", ")})
       SELECT mode, local_day, model, ${SUMS} FROM usage_days GROUP BY mode, local_day, model`,
    ),
  ]);
}
