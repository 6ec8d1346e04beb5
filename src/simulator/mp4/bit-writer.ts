/** Writes a bit string most significant bit first, with H.264's Exp-Golomb codes (ITU-T H.264, 9.1). */
export class BitWriter {
  #bytes: number[] = [];
  #current = 0;
  #filled = 0;

  bits(value: number, count: number): this {
    for (let index = count - 1; index >= 0; index -= 1) {
      this.#current = (this.#current << 1) | ((value >>> index) & 1);
      this.#filled += 1;
      if (this.#filled === 8) this.#flush();
    }
    return this;
  }

  /** ue(v): an unsigned Exp-Golomb code. */
  unsigned(value: number): this {
    const length = 32 - Math.clz32(value + 1);
    return this.bits(0, length - 1).bits(value + 1, length);
  }

  /** se(v): a signed Exp-Golomb code. */
  signed(value: number): this {
    return this.unsigned(value > 0 ? 2 * value - 1 : -2 * value);
  }

  /** Fills the current byte with zeros. */
  align(): this {
    while (this.#filled !== 0) this.bits(0, 1);
    return this;
  }

  /** rbsp_trailing_bits: a one, then zeros up to a whole byte. */
  end(): Uint8Array {
    this.bits(1, 1).align();
    return Uint8Array.from(this.#bytes);
  }

  #flush(): void {
    this.#bytes.push(this.#current);
    this.#current = 0;
    this.#filled = 0;
  }
}
