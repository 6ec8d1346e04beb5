import type { Env } from "../config.ts";
import { raiseAlert } from "../observability/alerts.ts";
import { log } from "../observability/log.ts";
import { forgetSettings, writeAccountState } from "../settings/index.ts";
import { afterEvent, type Circuit, type CircuitEvent } from "./circuit.ts";
import { makeDesk, readDesk, writeCircuit } from "./desk-store.ts";
import { waveSpeedOf } from "./account-of.ts";

/** D1 did not take the circuit's state: told again after this. */
const TELL_AGAIN_MS = 5_000;

/** Keeps one account's circuit: rows, the balance, D1 and alerts. Decisions are `circuit.ts`. */
export class CircuitKeeper {
  readonly #storage: DurableObjectStorage;
  readonly #env: Env;
  /** A balance that is being read; who asks meanwhile waits for it. */
  #probing: Promise<void> | null = null;

  constructor(storage: DurableObjectStorage, env: Env) {
    this.#storage = storage;
    this.#env = env;
  }

  /** A task was created. On the way of every job, so nothing is done where there is nothing to forget. */
  succeeded(): void {
    const row = this.#storage.sql.exec("SELECT account FROM desk WHERE circuit IS NOT NULL").toArray()[0];
    if (row) this.note(String(row["account"]), { kind: "created" });
  }

  /** Answers the circuit after it, and whether that opened or closed it. */
  note(account: string, event: CircuitEvent): { circuit: Circuit; turned: boolean } {
    return this.#storage.transactionSync(() => {
      makeDesk(this.#storage.sql, account);
      const now = Date.now();
      const desk = readDesk(this.#storage.sql, now);
      if (!desk) throw new Error("the account has no desk");
      const circuit = afterEvent(desk.circuit, event, now);
      const turned = circuit.state !== desk.circuit.state;
      const isSame = JSON.stringify(circuit) === JSON.stringify(desk.circuit);
      if (!isSame) writeCircuit(this.#storage.sql, circuit, desk.circuitTold && !turned);
      return { circuit, turned };
    });
  }

  /** Reads the balance, and opens or closes the circuit by it. Does not throw. */
  probe(account: string): Promise<void> {
    this.#probing ??= this.#probe(account).finally(() => {
      this.#probing = null;
    });
    return this.#probing;
  }

  nextAt(now: number): number | null {
    const desk = readDesk(this.#storage.sql, now);
    if (!desk) return null;
    const tell = desk.circuitTold ? null : now + TELL_AGAIN_MS;
    const times = [desk.circuit.probeAt, tell].filter((at) => at !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Reads the balance if that is due, and tells D1 what it does not know. */
  async work(account: string): Promise<void> {
    const desk = readDesk(this.#storage.sql, Date.now());
    if (!desk) return;
    if (desk.circuit.probeAt !== null && desk.circuit.probeAt <= Date.now()) await this.probe(account);
    else if (!desk.circuitTold) await this.#tell(account, desk.circuit);
  }

  async #probe(account: string): Promise<void> {
    const problem = await problemOf(waveSpeedOf(this.#env, { mode: "live", tenant: "", name: account }));
    const { circuit, turned } = this.note(account, { kind: "probed", problem });
    if (!turned) return;
    log.error("an upstream account's circuit turned", { account, state: circuit.state, reason: circuit.reason });
    await this.#tell(account, circuit);
  }

  async #tell(account: string, circuit: Circuit): Promise<void> {
    const { state, reason, since } = circuit;
    if (state === "open") {
      const message = `no job is sent to it until its balance can be read and is above 0: ${reason}`;
      await raiseAlert(this.#env.CONTROL, { kind: "account_circuit_open", subject: account, message });
    }
    if (!(await writeAccountState(this.#env.CONTROL, { account, circuit: state, reason, since }))) return;
    forgetSettings(this.#env.CONTROL);
    const desk = readDesk(this.#storage.sql, Date.now());
    // It may have turned once more meanwhile.
    if (desk?.circuit.state === state) writeCircuit(this.#storage.sql, desk.circuit, true);
  }
}

async function problemOf(upstream: { balanceUsd: () => Promise<number | string> }): Promise<string | null> {
  const balance = await upstream.balanceUsd();
  if (typeof balance === "string") return balance;
  return balance > 0 ? null : "its balance is used up";
}
