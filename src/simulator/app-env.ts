import type { SimulatorEnv } from "./env.ts";
import type { SimulatedAccount } from "./simulated-account.ts";

/** What Hono carries through a request. */
export interface SimulatorApp {
  Bindings: SimulatorEnv;
  Variables: {
    /** The caller's account name and its object; set once the key is accepted. */
    account: string;
    stub: DurableObjectStub<SimulatedAccount>;
  };
}
