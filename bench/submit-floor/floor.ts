import { join } from "node:path";
import { startBareWorker } from "../bare-worker.ts";
import { MODEL } from "../bench-tenant.ts";
import type { Call } from "../load/order.ts";
import type { Place } from "../state-place.ts";
import type { Upstream } from "../upstream/start-upstream.ts";

/** A bare Worker that writes down a submit as often, and in as many objects, as the gateway does before it answers. */
export interface Floor {
  call: Call;
  /** Between two rounds: no job is open. */
  settle(): Promise<void>;
  end(): Promise<void>;
}

const object = (className: string) => ({ className, useSQLite: true });

/** `submit`: as the gateway is sent one. */
export async function startFloor(upstream: Upstream, place: Place, submit: Omit<Call, "url">): Promise<Floor> {
  const durableObjects = {
    LEDGER: object("FloorLedger"),
    TRACKER: object("FloorTracker"),
    ACCOUNT: object("FloorAccount"),
  };
  const entry = join(import.meta.dirname, "floor-worker.ts");
  const { url, end } = await startBareWorker(entry, { durableObjects, bindings: { UPSTREAM: upstream.url } }, place);
  return {
    call: { ...submit, url: `${url}/api/v3/${MODEL}` },
    settle: async () => void (await fetch(url, { method: "DELETE" })),
    end,
  };
}
