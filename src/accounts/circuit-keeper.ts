import type { Env } from "../config.ts";
import { raiseAlert } from "../observability/alerts.ts";
import { log } from "../observability/log.ts";
import { forgetSettings, writeAccountState } from "../settings/index.ts";
import type { BalanceAnswer } from "../upstream/answers.ts";
import type { AccountHealth } from "./account-health.ts";
import { afterEvent, type Circuit, type CircuitEvent } from "./circuit.ts";
import { makeDesk, readDesk, writeCircuit } from "./desk-store.ts";
import { configuredAccount } from "./account-of.ts";

/** D1 did not take the circuit's state: told again after this. */
const TELL_AGAIN_MS = 5_000;

/** Keeps one account's circuit: rows, the balance, D1 and alerts. Decisions are `circuit.ts`. */
export class CircuitKeeper {
  readonly #storage: DurableObjectStorage;
  readonly #env: Env;
  readonly #health: AccountHealth;
  /** A balance that is being read; who asks meanwhile waits for it. */
  #probing: Promise<void> | null = null;
  #telling: Promise<void> = Promise.resolve();

  constructor(storage: DurableObjectStorage, env: Env, health: AccountHealth) {
    this.#storage = storage;
    this.#env = env;
    this.#health = health;
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
    this.#probing ??= this.#probe(account)
      .then(() => this.tell(account))
      .catch((error: unknown) => log.error("an upstream account's balance was not looked at", { account, error }))
      .finally(() => {
        this.#probing = null;
      });
    return this.#probing;
  }

  nextAt(now: number): number | null {
    const desk = readDesk(this.#storage.sql, now);
    // An account that is not configured any more is not looked at.
    if (!desk || !configuredAccount(this.#env, desk.account)) return null;
    const tell = desk.circuitTold ? null : now + TELL_AGAIN_MS;
    const times = [desk.circuit.probeAt, tell].filter((at) => at !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Reads the balance if that is due, and tells D1 what it does not know. */
  async work(account: string): Promise<void> {
    const desk = readDesk(this.#storage.sql, Date.now());
    if (!desk || this.nextAt(Date.now()) === null) return;
    if (desk.circuit.probeAt !== null && desk.circuit.probeAt <= Date.now()) await this.probe(account);
    await this.tell(account);
  }

  async #probe(account: string): Promise<void> {
    const before = readDesk(this.#storage.sql, Date.now())?.circuit;
    const found = problemOf(await this.#health.readBalance(account));
    const now = readDesk(this.#storage.sql, Date.now())?.circuit;
    // Opened meanwhile by jobs: a balance that was read before says nothing of them.
    if (found.problem === null && now?.state === "open" && before?.state !== "open") return;
    const { circuit, turned } = this.note(account, { kind: "probed", ...found });
    if (turned) log.error("an upstream account's circuit turned", { account, ...circuit });
  }

  /** Tells D1 what it does not know, one telling after the other, each of the state as it is by then. */
  tell(account: string): Promise<void> {
    this.#telling = this.#telling.then(() => this.#tell(account));
    return this.#telling;
  }

  async #tell(account: string): Promise<void> {
    const desk = readDesk(this.#storage.sql, Date.now());
    if (!desk || desk.circuitTold) return;
    const { state, reason, since } = desk.circuit;
    if (!(await writeAccountState(this.#env.CONTROL, { account, circuit: state, reason, since }))) return;
    forgetSettings(this.#env.CONTROL);
    if (state === "open") {
      const message = `no job is sent to it until its balance can be read and is above 0: ${reason}`;
      await raiseAlert(this.#env.CONTROL, { kind: "account_circuit_open", subject: account, message });
    }
    const after = readDesk(this.#storage.sql, Date.now());
    // It may have turned once more meanwhile.
    const same = after?.circuit.state === state && after.circuit.since === since;
    if (after && same) writeCircuit(this.#storage.sql, after.circuit, true);
  }
}

/** `sure`: WaveSpeed said so; else the balance only could not be read. */
function problemOf(balance: BalanceAnswer): { problem: string | null; sure: boolean } {
  if (balance.kind === "unreadable") return { problem: balance.reason, sure: false };
  if (balance.kind === "refused") return { problem: balance.reason, sure: true };
  return balance.usd > 0 ? { problem: null, sure: true } : { problem: "its balance is used up", sure: true };
}
