import { join } from "node:path";
import { startBareWorker } from "../bare-worker.ts";
import { BenchTenant, MODEL } from "../bench-tenant.ts";
import type { Call } from "../load/order.ts";
import { startGateway } from "../started-gateway.ts";
import type { Place } from "../state-place.ts";
import { upstreamEnv, type Upstream } from "../upstream/start-upstream.ts";

/** The gateway and its floor, on the same kind of disk. */
export interface Pair {
  place: Place;
  gateway: Submitted;
  floor: Submitted;
  end(): Promise<void>;
}

export interface Submitted {
  call: Call;
  /** Between two rounds: no job is open. */
  settle(): Promise<void>;
}

const DRAIN_MS_MAX = 90_000;
const object = (className: string) => ({ className, useSQLite: true });

/** `lifeMs`: no job is polled before, so that in a round jobs only begin. */
export async function startPair(place: Place, upstream: Upstream, lifeMs: number): Promise<Pair> {
  const life = { POLL_MS_MIN: String(lifeMs), POLL_MS_MAX: String(lifeMs) };
  const gateway = await startGateway({ ...life, ...upstreamEnv(upstream) }, { place });
  const tenant = await BenchTenant.create(gateway.info);
  const durableObjects = {
    LEDGER: object("FloorLedger"),
    TRACKER: object("FloorTracker"),
    ACCOUNT: object("FloorAccount"),
  };
  const bindings = { UPSTREAM: upstream.url };
  const floor = await startBareWorker(
    join(import.meta.dirname, "floor-worker.ts"),
    { durableObjects, bindings },
    place,
  );
  const submit = tenant.submit();
  return {
    place,
    gateway: {
      call: submit,
      settle: async () => {
        if (!(await tenant.drained(DRAIN_MS_MAX))) throw new Error(`jobs were still open after ${DRAIN_MS_MAX} ms`);
      },
    },
    floor: {
      call: { ...submit, url: `${floor.url}/api/v3/${MODEL}` },
      settle: async () => void (await fetch(floor.url, { method: "DELETE" })),
    },
    end: async () => {
      await gateway.end();
      await floor.end();
    },
  };
}
