import type { Context } from "hono";
import type { Refusal } from "../errors/catalogue.ts";
import { log } from "../observability/log.ts";
import { countRefusal, networkOf, type SignInWay } from "../people/index.ts";
import { refuse } from "./problem.ts";
import type { ManagementEnv } from "./services.ts";
import { callerOf } from "./signing-in.ts";

/**
 * Refuses somebody who wants to come in, and counts it, after the answer, where operators see it. `reason`: a word of ours, never of
 * what was sent.
 */
export function refuseSignIn(c: Context<ManagementEnv>, way: SignInWay, reason: string, refusal: Refusal) {
  const { control, now, waitUntil } = c.get("services");
  const refused = { source: networkOf(callerOf(c).ip), way, reason };
  waitUntil(
    countRefusal(control, refused, now()).catch((error: unknown) =>
      log.error("a refused sign-in was not counted", { error }),
    ),
  );
  return refuse(c, refusal);
}
