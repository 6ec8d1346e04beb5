import type { Env } from "../config.ts";
import type { BalanceAnswer } from "../upstream/answers.ts";
import { configuredAccount, waveSpeedOf } from "./account-of.ts";

/** A balance that is older is read once more when somebody looks, and no more often than that. */
const BALANCE_MS_MAX = 5 * 60_000;

/** POSTs are counted for so long, and then anew. */
const COUNT_MS = 60 * 60_000;

/** What operators see of how an account does. Times are epoch ms. */
export interface Health {
  /** USD, as WaveSpeed said it last; null: not read by this instance. */
  balanceUsd: number | null;
  balanceAt: number | null;
  /** POSTs since `since`, and those of them that the account refused or whose outcome was lost. */
  posts: number;
  postsFailed: number;
  since: number;
}

/** Kept in memory, since nothing is decided by it: a new instance begins anew. */
export class AccountHealth {
  readonly #env: Env;
  #health: Health = { balanceUsd: null, balanceAt: null, posts: 0, postsFailed: 0, since: Date.now() };
  #lookedAt = 0;

  constructor(env: Env) {
    this.#env = env;
  }

  /** One more POST. */
  count(how: "created" | "failed"): void {
    const now = this.#now();
    this.#health = { ...now, posts: now.posts + 1, postsFailed: now.postsFailed + Number(how === "failed") };
  }

  /** Reads the balance. Does not throw. */
  async readBalance(account: string): Promise<BalanceAnswer> {
    this.#lookedAt = Date.now();
    const answer = await waveSpeedOf(this.#env, { mode: "live", tenant: "", name: account }).balance();
    if (answer.kind === "balance") {
      this.#health = { ...this.#health, balanceUsd: answer.usd, balanceAt: Date.now() };
    }
    return answer;
  }

  /** For whoever looks: what is known, and a read in the background where that is old. */
  look(account: string): { health: Health; reading: Promise<unknown> | null } {
    const isOld = Date.now() - this.#lookedAt > BALANCE_MS_MAX && configuredAccount(this.#env, account) !== null;
    return { reading: isOld ? this.readBalance(account) : null, health: this.#now() };
  }

  #now(): Health {
    const isOver = Date.now() - this.#health.since > COUNT_MS;
    if (isOver) this.#health = { ...this.#health, posts: 0, postsFailed: 0, since: Date.now() };
    return this.#health;
  }
}
