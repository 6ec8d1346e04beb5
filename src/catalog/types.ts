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

interface ModelFacts {
  id: string;
  name: string;
  /** WaveSpeed's word for what it does, e.g. "image-to-video". */
  type: string;
  description: string;
  /** The catalogue's own price. null: none here, so refused unless an operator's price is in force. */
  cost: CostSpec | null;
  source: string;
}

/** A model that is written in this folder, field by field, as its page states it. */
export interface WrittenModel extends ModelFacts {
  fields: Readonly<Record<string, FieldSpec>>;
}

/** A model out of WaveSpeed's own list, frozen when an operator enabled it: its input is what its JSON schema says. */
export interface SyncedModel extends ModelFacts {
  cost: null;
  schema: InputSchema;
  /** Names the schema: equal texts are compiled once. */
  schemaKey: string;
  /** The field that says how many seconds are priced; null: a run is priced, and has 0 seconds. */
  secondsField: string | null;
}

export type ModelEntry = WrittenModel | SyncedModel;

/** JSON as it is sent upstream. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** A JSON schema as `readInputSchema` lets it through: no references, no patterns, objects closed. */
export type InputSchema = { readonly [keyword: string]: Json };

/** A body that passed: defaults written in, spelled as the model's page spells it. */
export interface ValidInput {
  input: Record<string, Json>;
  /** Seconds of video that this job is priced by; 0 where a run is priced. */
  seconds: number;
  /** Canonical JSON of `input` (sorted keys): equal inputs, equal text. */
  canonical: string;
}

/** `body` is the JSON object without the gateway's flags. Refuses unlisted fields by name. */
export type ValidateInput = (model: ModelEntry, body: unknown) => Result<ValidInput, FieldIssue[]>;
