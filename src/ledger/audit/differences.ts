/** Differences that one report names; the count goes on. */
const NAMED_MAX = 100;

/** What an audit found, in words for an operator. */
export class Differences {
  #count: number;
  readonly #named: string[];

  /** `saved`: what `save` gave, to go on with. */
  constructor(saved: { count: number; named: string[] } = { count: 0, named: [] }) {
    this.#count = saved.count;
    this.#named = [...saved.named];
  }

  add(text: string): void {
    this.#count += 1;
    if (this.#named.length < NAMED_MAX) this.#named.push(text);
  }

  get none(): boolean {
    return this.#count === 0;
  }

  /** Whether there are some, and every one is among these; null stands for none. */
  only(texts: readonly (string | null)[]): boolean {
    const known = this.#named.every((text) => texts.includes(text));
    return known && this.#count > 0 && this.#count === this.#named.length;
  }

  save(): { count: number; named: string[] } {
    return { count: this.#count, named: [...this.#named] };
  }

  /** The first hundred, and how many more there are. */
  toList(): string[] {
    const more = this.#count - this.#named.length;
    return more > 0 ? [...this.#named, `and ${more} more`] : [...this.#named];
  }
}
