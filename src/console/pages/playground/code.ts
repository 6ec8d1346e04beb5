/** The same submit as code that works when pasted, with the key in the environment. */
interface Call {
  gateway: string;
  model: string;
  input: Record<string, unknown>;
}

/** A text as the shell takes it whole: in single quotes. */
const quoted = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;

const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

export const asCurl = ({ gateway, model, input }: Call): string =>
  [
    `curl -sS -X POST ${gateway}/api/v3/${model} \\`,
    `  -H "Authorization: Bearer $WAVEGATE_KEY" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${quoted(pretty(input))}`,
  ].join("\n");

export const asJavaScript = ({ gateway, model, input }: Call): string =>
  [
    `import { Client } from "wavespeed";`,
    ``,
    `const client = new Client(process.env.WAVEGATE_KEY, { baseUrl: ${JSON.stringify(gateway)} });`,
    `const { outputs } = await client.run(${JSON.stringify(model)}, ${pretty(input)});`,
    `process.stdout.write(outputs.join("\\n"));`,
  ].join("\n");

export const asPython = ({ gateway, model, input }: Call): string =>
  [
    `import json, os`,
    `from wavespeed import Client`,
    ``,
    `client = Client(os.environ["WAVEGATE_KEY"], base_url=${JSON.stringify(gateway)})`,
    // A JSON text is read, since Python spells true, false and null in its own way.
    `result = client.run(${JSON.stringify(model)}, json.loads(r'''${JSON.stringify(input).replaceAll("'''", `''\\u0027`)}'''))`,
    `print(result["outputs"])`,
  ].join("\n");
