/** Of an object's six outgoing connections; two are left for its ledger and for alerts. */
export const LANES = 4;

const LANES_OF_HOST_MAX = 2;
const LANES_OF_FAILING_MAX = 2;

/** An attempt that is on its way. `failing`: the host's last answer, when it began, was not 2xx. */
export interface Lane {
  host: string;
  failing: boolean;
}

/** Whether an attempt at this host may begin now. */
export function hasLane(taken: readonly Lane[], next: Lane): boolean {
  if (taken.length >= LANES) return false;
  const own = taken.filter(({ host }) => host === next.host).length;
  if (!next.failing) return own < LANES_OF_HOST_MAX;
  return own < 1 && taken.filter(({ failing }) => failing).length < LANES_OF_FAILING_MAX;
}
