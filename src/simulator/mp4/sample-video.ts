import { box, join, text, u32 } from "./boxes.ts";
import { type Colour, keyFrame, pictureParameters, repeatFrame, sequenceParameters, type Size } from "./h264.ts";
import { type Movie, movieBox } from "./movie.ts";

export type Aspect = "16:9" | "9:16" | "1:1";

const FRAMES_PER_SECOND = 5;
const SECONDS_MAX = 60;
const MACROBLOCK = 16;
const SIZES: Readonly<Record<Aspect, Size>> = {
  "16:9": { columns: 16, rows: 9 },
  "9:16": { columns: 9, rows: 16 },
  "1:1": { columns: 12, rows: 12 },
};

/**
 * A silent MP4 (H.264 Baseline) of exactly `seconds` seconds that shows another plain colour each
 * second; each second starts with a key frame, so players can seek. About half a kB a second.
 */
export function sampleVideo(seconds: number, aspect: Aspect): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > SECONDS_MAX) {
    throw new RangeError(`seconds must be a whole number from 1 to ${SECONDS_MAX}, was ${seconds}`);
  }
  const size = SIZES[aspect];
  const samples = frames(seconds, size).map((frame) => join([u32(frame.length), frame]));
  const movie: Movie = {
    width: size.columns * MACROBLOCK,
    height: size.rows * MACROBLOCK,
    framesPerSecond: FRAMES_PER_SECOND,
    sequence: sequenceParameters(size),
    picture: pictureParameters(),
    sampleSizes: samples.map((sample) => sample.length),
    keyFrames: Array.from({ length: seconds }, (_, second) => second * FRAMES_PER_SECOND + 1),
  };
  const type = box("ftyp", text("isom"), u32(0x200), text("isomiso2avc1mp41"));
  const headerBytes = 8;
  // The index has the same length whatever the offset in it: built once to measure, once for good.
  const firstSample = type.length + movieBox(movie, 0).length + headerBytes;
  return new Uint8Array(join([type, movieBox(movie, firstSample), box("mdat", ...samples)]));
}

function frames(seconds: number, size: Size): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (let second = 0; second < seconds; second += 1) {
    out.push(keyFrame(size, colourOf(second), second));
    for (let number = 1; number < FRAMES_PER_SECOND; number += 1) out.push(repeatFrame(size, number));
  }
  return out;
}

/** A walk round the colour wheel, ten steps a turn, within the legal video range (16 to 240). */
function colourOf(second: number): Colour {
  const angle = (second / 10) * 2 * Math.PI;
  return {
    y: 110,
    cb: Math.round(128 + 70 * Math.cos(angle)),
    cr: Math.round(128 + 70 * Math.sin(angle)),
  };
}
