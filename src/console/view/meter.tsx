const WIDTH = 200;
const HEIGHT = 8;

/** From so much of the limit on it is shown as nearly used up. */
const TIGHT = 0.9;

interface MeterProps {
  /** In micro-dollars, all three. */
  captured: number;
  held: number;
  limit: number;
  label: string;
}

/** How much of a limit is used: captured, then held; red where it is over. Drawn on the server, so it needs no script. */
export const Meter = ({ captured, held, limit, label }: MeterProps) => {
  const whole = Math.max(limit, captured + held, 1);
  const used = (WIDTH * captured) / whole;
  const on = (WIDTH * held) / whole;
  const isOver = captured + held > limit;
  const isTight = captured + held > limit * TIGHT;
  return (
    <svg class="meter" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <rect class="track" width={WIDTH} height={HEIGHT} />
      <rect class={isOver ? "over" : isTight ? "tight" : "used"} width={used} height={HEIGHT} />
      <rect class="held" x={used} width={on} height={HEIGHT} />
    </svg>
  );
};
