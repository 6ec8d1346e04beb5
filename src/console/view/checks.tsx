import type { Problem } from "../api.ts";

interface ChecksProps {
  legend: string;
  /** Boxes are named `<name>.<option>`. */
  name: string;
  options: readonly string[];
  chosen: readonly string[];
  problem?: Problem | null;
}

/** Several of a few words. `checkedOf` reads what was ticked. */
export const Checks = ({ legend, name, options, chosen, problem }: ChecksProps) => {
  const wrong = problem?.errors.find(({ field }) => field === name || field.startsWith(`${name}.`));
  return (
    <fieldset {...(wrong && { "aria-describedby": `${name}-wrong` })}>
      <legend>{legend}</legend>
      <div class="checks">
        {options.map((option) => (
          <label>
            <input type="checkbox" name={`${name}.${option}`} {...(chosen.includes(option) && { checked: true })} />
            {option}
          </label>
        ))}
      </div>
      {wrong && (
        <small id={`${name}-wrong`} class="wrong">
          {wrong.rule}
        </small>
      )}
    </fieldset>
  );
};
