/** Switches of the command line. Those for tests and tours count only in an app that is not packaged. Pure. */
export interface Switches {
  /** Started with Windows: no window until it is asked for. */
  readonly hidden: boolean;
  readonly scenario: string | undefined;
  /** How much faster than the clock simulated machines live. */
  readonly speed: number;
}

const fastest = 10_000;

export function switches(argv: readonly string[], isPackaged: boolean): Switches {
  const valueOf = (name: string): string | undefined =>
    argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
  const speed = Number(valueOf('sim-speed') ?? 1);
  return {
    hidden: argv.includes('--hidden'),
    scenario: isPackaged ? undefined : valueOf('scenario'),
    speed: !isPackaged && Number.isFinite(speed) && speed > 0 ? Math.min(speed, fastest) : 1,
  };
}
