import type { Route } from "../../src/jobs/types.ts";

/** As the edge plans it where there is one account without limits. */
export const ROUTE: Route = { accounts: ["live"], priority: 1, weight: 1 };
