import type { Context } from "hono";
import type { Refusal } from "../errors/catalogue.ts";
import type * as Passkeys from "../people/passkeys.ts";
import { relyingParty, type RelyingParty } from "../people/index.ts";
import type { ManagementEnv } from "./services.ts";

/** What passkeys of this gateway are bound to; null: it does not know its own address. */
export const knownParty = (c: Context<ManagementEnv>): RelyingParty | null =>
  relyingParty(c.req.url, c.get("services").publicUrl);

export const NO_PARTY: Refusal = {
  code: "conflict",
  message: "passkeys are bound to the gateway's address: an operator sets PUBLIC_URL first",
};

/** Loaded when somebody needs it: it is larger than all else here. */
export const passkeyRoom = (): Promise<typeof Passkeys> => import("../people/passkeys.ts");
