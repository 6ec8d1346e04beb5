import { DAY_SUMS } from "./day-sums.ts";

const SUMS = DAY_SUMS.map((column) => `sum(${column}) AS ${column}`).join(", ");

/**
 * Takes a tenant's part out of the gateway's days. Right only in one `db.batch` with the delete of its `usage_days`, and
 * before it: the two always agree.
 */
export const leaveGateway = (db: D1Database, tenant: string): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE gateway_days SET ${DAY_SUMS.map((column) => `${column} = gateway_days.${column} - own.${column}`).join(", ")}
       FROM (SELECT mode, local_day, model, ${SUMS} FROM usage_days WHERE tenant = ?1 GROUP BY 1, 2, 3) AS own
       WHERE gateway_days.mode = own.mode AND gateway_days.local_day = own.local_day AND gateway_days.model = own.model`,
    )
    .bind(tenant);
