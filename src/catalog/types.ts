import type { FieldIssue } from "../errors/catalogue.ts";
import type { Result } from "../errors/result.ts";

/** One input field of a model, as WaveSpeed's page of that model states it. */
export type FieldSpec =
  | { kind: "text"; required?: true; maxLength?: number; description: string }
  | { kind: "image"; required?: true; image: ImageRule; description: string }
  | { kind: "number"; default: number; min: number; max: number; description: string }
  | { kind: "choice"; default: string; choices: readonly string[]; description: string }
  /** Seconds of video. `spelling`: what the page says is sent upstream; both are accepted. */
  | {
      kind: "duration";
      default: number;
      choices: readonly number[];
      spelling: "string" | "integer";
      description: string;
    };

/** Limits on an image whose bytes are at hand (data URI); a URL is never fetched at submit. */
export interface ImageRule {
  formats: readonly ("jpg" | "png")[];
  bytesMax: number;
  pixelsMinPerSide: number;
  /** Longer side over shorter side, only where the page states one. */
  aspectRatioMax?: number;
}

/** What WaveSpeed charges, and how sure that is. */
export interface CostSpec {
  unit: "second" | "run";
  /** Integer micro-dollars for one unit. */
  unitMicros: number;
  confirmed: boolean;
  source: string;
}

export interface ModelEntry {
  id: string;
  name: string;
  type: "image-to-video" | "text-to-video";
  description: string;
  fields: Readonly<Record<string, FieldSpec>>;
  /** null: known, but unpriced, so refused. */
  cost: CostSpec | null;
  source: string;
}

/** A body that passed: defaults written in, spelled as the model's page spells it. */
export interface ValidInput {
  input: Record<string, string | number>;
  /** Seconds of video that this job asks for, and is priced by. */
  seconds: number;
  /** Canonical JSON of `input` (sorted keys): equal inputs, equal text. */
  canonical: string;
}

/** `body` is the JSON object without the gateway's flags. Refuses unlisted fields by name. */
export type ValidateInput = (model: ModelEntry, body: unknown) => Result<ValidInput, FieldIssue[]>;
