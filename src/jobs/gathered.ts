import { platformRefusal } from "../errors/platform-error.ts";

/** How long the first of several waits for others. */
const GATHER_MS = 2;

/** The same where the last call was so shortly before: under load one then carries many. */
const GATHER_MS_MAX = 100;
const BUSY_MS = 250;

/** Items of one call. */
const ITEMS_MAX = 50;

interface Asked<Item, Answer> {
  item: Item;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/**
 * One call of another object for what several jobs ask of it within a moment; each gets its own answer. Where the call fails,
 * each is asked by itself, so that none suffers for another. The call must answer in the order of its items, and do no
 * harm when it is repeated.
 */
export class Gathered<Item, Answer> {
  readonly #call: (items: Item[]) => Promise<Answer[]>;
  #asked: Asked<Item, Answer>[] = [];
  /** When the last call was made, epoch ms. */
  #calledAt = 0;

  constructor(call: (items: Item[]) => Promise<Answer[]>) {
    this.#call = call;
  }

  /** `isAwaited`: a client waits for it, so it goes soon, with whatever waits by then. */
  ask(item: Item, isAwaited = false): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#asked.push({ item, resolve, reject });
    if (isAwaited || this.#asked.length === 1) {
      const isBusy = !isAwaited && Date.now() - this.#calledAt < BUSY_MS;
      void scheduler.wait(isBusy ? GATHER_MS_MAX : GATHER_MS).then(() => this.#send());
    }
    return promise;
  }

  #send(): void {
    if (this.#asked.length === 0) return;
    this.#calledAt = Date.now();
    const all = this.#asked;
    this.#asked = [];
    for (let from = 0; from < all.length; from += ITEMS_MAX) void this.#answer(all.slice(from, from + ITEMS_MAX));
  }

  async #answer(asked: Asked<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.#call(asked.map(({ item }) => item));
      asked.forEach(({ resolve, reject }, index) => {
        const answer = answers[index];
        if (answer === undefined) reject(new Error("a call for several jobs left one out"));
        else resolve(answer);
      });
    } catch (error) {
      // One that is away, or has too much to do, is not asked fifty times more.
      if (asked.length === 1 || platformRefusal(error)) for (const { reject } of asked) reject(error);
      else for (const one of asked) void this.#answer([one]);
    }
  }
}
