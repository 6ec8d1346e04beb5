import type { z } from "zod";
import type { GatewayOverviewSchema } from "../../../management/get-gateway-overview.ts";
import type { OverviewSchema } from "../../../management/get-overview.ts";

export type Overview = z.infer<typeof OverviewSchema>;
export type GatewayOverview = z.infer<typeof GatewayOverviewSchema>;
export type Series = Overview["by_model"][number];
