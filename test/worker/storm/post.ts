import { exports } from "cloudflare:workers";
import { parseConfig } from "../../../src/config.ts";
import { hookToken } from "../../../src/keys/hook-mac.ts";
import type { Letter } from "../../support/mailbox.ts";
import { testEnv } from "../../support/test-env.ts";
import { ownersOf } from "./books.ts";
import type { Dice } from "./dice.ts";
import { count, type Sea } from "./sea.ts";

const worker = exports as unknown as { default: { fetch: (request: Request) => Promise<Response> } };

const FORGED = `v3,${"0".repeat(64)}`;

/** So many of those that were lost last may still be waited for. */
const LOST_AT_ONCE = 6;

/** Carries WaveSpeed's webhooks to the gateway until it takes them, and false ones beside them. */
export class Post {
  readonly #sea: Sea;
  readonly #dice: Dice;
  #waiting: Letter[] = [];
  /** Never brought to their own jobs. */
  readonly #lost: Letter[] = [];

  constructor(sea: Sea, dice: Dice) {
    this.#sea = sea;
    this.#dice = dice;
  }

  /** Answers how many are still on their way. */
  async deliver(): Promise<number> {
    const response = await testEnv.TEST_MAILBOX.fetch("http://mailbox/");
    for (const letter of await response.json<Letter[]>()) {
      const { id, input } = JSON.parse(letter.body) as { id: string; input: { prompt?: string } };
      this.#sea.made.set(id, jobOf(letter));
      // Many of equal bodies are lost, or nobody would ever have to tell them apart without.
      if (input.prompt?.startsWith("twin") && this.#dice.chance(0.8)) this.#lost.push(letter);
      else this.#waiting.push(letter);
    }
    await this.#forgeForLost();
    const round = this.#waiting.splice(0);
    for (const letter of round) {
      // WaveSpeed sends again what was not taken.
      if (!(await this.#bring(letter, "genuine"))) this.#waiting.push(letter);
      if (this.#dice.chance(0.1)) await this.#bring(letter, "genuine again");
      if (this.#dice.chance(0.1)) await this.#meddle(letter, this.#dice.pick(round));
    }
    return this.#waiting.length;
  }

  async #bring({ url, headers, body }: Letter, kind: string): Promise<boolean> {
    try {
      const response = await worker.default.fetch(new Request(url, { method: "POST", headers, body }));
      await response.body?.cancel();
      count(this.#sea, `webhook ${kind} ${response.status}`);
      return response.status === 200;
    } catch {
      return false;
    }
  }

  /** Jobs that wait for a word of their task are told of another's, by somebody who cannot sign. */
  async #forgeForLost(): Promise<void> {
    const newest = this.#lost.slice(-LOST_AT_ONCE);
    if (newest.length < 2) return;
    const [one, other] = [this.#dice.pick(newest), this.#dice.pick(newest)];
    const headers = { ...one.headers, "webhook-signature": FORGED };
    if (one !== other) await this.#bring({ ...one, url: other.url, headers }, "forged, of another lost job");
  }

  /** What somebody sends who knows less than WaveSpeed. */
  async #meddle(letter: Letter, other: Letter): Promise<void> {
    const forged = { ...letter.headers, "webhook-signature": FORGED };
    const otherJob = jobOf(other);
    const { secrets } = parseConfig(testEnv);
    const meddle: () => Promise<unknown> = this.#dice.pick([
      () => this.#bring({ ...letter, headers: forged }, "forged"),
      () => this.#bring({ ...letter, url: other.url, headers: forged }, "forged, of another job"),
      () => this.#bring({ ...letter, url: letter.url.replace(/t=.*/, "t=1.00") }, "without token"),
      // Another job's address with this one's token.
      () =>
        this.#bring({ ...letter, url: letter.url.replace(/wavespeed\/[0-9a-f]+/, `wavespeed/${otherJob}`) }, "moved"),
      () => this.#bring({ ...letter, body: letter.body.replace(/"id":"[^"]*"/, '"id":"0"') }, "changed"),
      async () => {
        // Only of a task that has its job: whom WaveSpeed itself names a free task to, it is believed to belong to.
        const { id } = JSON.parse(letter.body) as { id: string };
        if (!(await ownersOf(this.#sea)).has(id)) return;
        await this.#bring({ ...letter, url: addressOf(otherJob, hookToken(otherJob, secrets)) }, "to another job");
      },
    ]);
    await meddle();
  }
}

const jobOf = ({ url }: Letter): string => new URL(url).pathname.split("/").at(-1) ?? "";

const addressOf = (jobId: string, token: string): string =>
  `http://gateway.test/hooks/wavespeed/${jobId}?t=${encodeURIComponent(token)}`;
