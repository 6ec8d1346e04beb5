import { BenchTenant } from "../bench-tenant.ts";
import type { Call } from "../load/order.ts";
import { startGateway } from "../started-gateway.ts";
import type { Place } from "../state-place.ts";
import { upstreamEnv, type Upstream } from "../upstream/start-upstream.ts";
import { startFloor } from "./floor.ts";

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

/** `lifeMs`: no job is polled before, so that in a round jobs only begin. */
export async function startPair(place: Place, upstream: Upstream, lifeMs: number): Promise<Pair> {
  const life = { POLL_MS_MIN: String(lifeMs), POLL_MS_MAX: String(lifeMs) };
  const gateway = await startGateway({ ...life, ...upstreamEnv(upstream) }, { place });
  const tenant = await BenchTenant.create(gateway.info);
  const submit = tenant.submit();
  const floor = await startFloor(upstream, place, submit);
  return {
    place,
    gateway: {
      call: submit,
      settle: async () => {
        if (!(await tenant.drained(DRAIN_MS_MAX))) throw new Error(`jobs were still open after ${DRAIN_MS_MAX} ms`);
      },
    },
    floor,
    end: async () => {
      await gateway.end();
      await floor.end();
    },
  };
}
