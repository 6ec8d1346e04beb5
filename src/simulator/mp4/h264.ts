import { BitWriter } from "./bit-writer.ts";

/** One plain colour, as 8-bit YCbCr. */
export interface Colour {
  y: number;
  cb: number;
  cr: number;
}

/** Picture size in macroblocks of 16 x 16 pixels. */
export interface Size {
  columns: number;
  rows: number;
}

export const PROFILE_BASELINE = 66;
/** constraint_set0 and 1: decodable as Baseline and as Main. */
export const CONSTRAINTS = 0xc0;
/** Level 1.1 allows 396 macroblocks a picture; the largest here has 144. */
export const LEVEL = 11;

const FRAME_NUM_BITS = 4;
const NAL = { sequence: 0x67, picture: 0x68, keyFrame: 0x65, repeat: 0x41 } as const;
const SLICE = { p: 5, i: 7 } as const;
const MB_PCM = 25;
/** Intra 16x16, DC prediction, nothing coded: the macroblock copies its neighbours' mean. */
const MB_DC_EMPTY = 3;

export function sequenceParameters(size: Size): Uint8Array {
  const writer = new BitWriter()
    .bits(PROFILE_BASELINE, 8)
    .bits(CONSTRAINTS, 8)
    .bits(LEVEL, 8)
    .unsigned(0)
    .unsigned(FRAME_NUM_BITS - 4)
    // Picture order type 2: output order is decoding order, so no counts are sent.
    .unsigned(2)
    .unsigned(1)
    .bits(0, 1)
    .unsigned(size.columns - 1)
    .unsigned(size.rows - 1)
    // Frames only, 8x8 inference, no cropping, no VUI.
    .bits(0b1100, 4);
  return unit(NAL.sequence, writer.end());
}

export function pictureParameters(): Uint8Array {
  const writer = new BitWriter()
    .unsigned(0)
    .unsigned(0)
    // CAVLC, no bottom-field order.
    .bits(0, 2)
    .unsigned(0)
    .unsigned(0)
    .unsigned(0)
    // No weighted prediction.
    .bits(0, 3)
    .signed(0)
    .signed(0)
    .signed(0)
    // Each slice says how it is deblocked; no constrained intra, no redundant pictures.
    .bits(0b100, 3);
  return unit(NAL.picture, writer.end());
}

/**
 * A key frame of one colour. Its first macroblock is raw samples; all others are DC-predicted from
 * it with nothing coded, so the colour spreads over the picture at about two bytes each.
 */
export function keyFrame(size: Size, colour: Colour, identifier: number): Uint8Array {
  const writer = new BitWriter()
    .unsigned(0)
    .unsigned(SLICE.i)
    .unsigned(0)
    .bits(0, FRAME_NUM_BITS)
    // Neighbouring key frames need different identifiers.
    .unsigned(identifier)
    .bits(0, 2)
    .signed(0)
    .unsigned(1);
  writer.unsigned(MB_PCM).align();
  samples(writer, colour.y, 256);
  samples(writer, colour.cb, 64);
  samples(writer, colour.cr, 64);
  for (let index = 1; index < size.columns * size.rows; index += 1) {
    writer.unsigned(MB_DC_EMPTY).unsigned(0).signed(0);
    // Beside raw samples, "no coefficients" is the six-bit code (nC = 16); elsewhere one bit (table 9-5).
    if (index === 1 || index === size.columns) writer.bits(0b000011, 6);
    else writer.bits(1, 1);
  }
  return unit(NAL.keyFrame, writer.end());
}

/** A frame that repeats the one before: every macroblock skipped. `number` counts from the key frame. */
export function repeatFrame(size: Size, number: number): Uint8Array {
  const writer = new BitWriter()
    .unsigned(0)
    .unsigned(SLICE.p)
    .unsigned(0)
    .bits(number % (1 << FRAME_NUM_BITS), FRAME_NUM_BITS)
    // No override of reference counts, no reordering, sliding-window marking.
    .bits(0, 3)
    .signed(0)
    .unsigned(1)
    .unsigned(size.columns * size.rows);
  return unit(NAL.repeat, writer.end());
}

function samples(writer: BitWriter, value: number, count: number): void {
  for (let index = 0; index < count; index += 1) writer.bits(value, 8);
}

/** A NAL unit without start code; two zeros before a byte below four get a 3 between (7.4.1). */
function unit(header: number, payload: Uint8Array): Uint8Array {
  const out = [header];
  let zeros = 0;
  for (const byte of payload) {
    if (zeros >= 2 && byte <= 3) {
      out.push(3);
      zeros = 0;
    }
    out.push(byte);
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return Uint8Array.from(out);
}
