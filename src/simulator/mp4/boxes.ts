/** Building blocks of ISO base media files (ISO/IEC 14496-12): big-endian fields in sized boxes. */
export type Part = Uint8Array | readonly number[];

export const u16 = (value: number): number[] => [(value >>> 8) & 255, value & 255];

export const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)];

export const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

export const text = (value: string): number[] => Array.from(value, (letter) => letter.charCodeAt(0));

export function join(parts: readonly Part[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

export function box(type: string, ...parts: Part[]): Uint8Array {
  const body = join(parts);
  return join([u32(body.length + 8), text(type), body]);
}

/** A box with version 0 and the given 24-bit flags. */
export const fullBox = (type: string, flags: number, ...parts: Part[]): Uint8Array => box(type, u32(flags), ...parts);
