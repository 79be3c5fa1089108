/** Ends the app for an installer: never in the middle of a change, and not later than it is of use. */
import type { AnswerLine } from './answer-line.js';
import type { Runs } from './runs.js';
import type { WatchClock } from './watcher.js';

/** Seconds that an installer waits for a change: one that shuts a VM down and starts it again takes less. */
const longestEnd = 300;
/** And for the app to go when nothing is changed any more: longer only a question in the window keeps it. */
const longestQuit = 20;

interface Options {
  readonly runs: () => Pick<Runs, 'isBusy' | 'idle'> | undefined;
  /** It is said in the window that somebody waits, or no longer. */
  readonly waits: (isWaiting: boolean) => void;
  readonly quit: () => void;
  readonly after: WatchClock['after'];
}

/** The line stays open until the app has gone: its end says so. */
export async function endFor(line: AnswerLine, { runs, waits, quit, after }: Options): Promise<void> {
  const keep = (): void => {
    line.say({ kind: 'kept' });
    line.close();
  };
  const end = (): void => {
    line.say({ kind: 'ending' });
    quit();
    after(longestQuit * 1000, keep);
  };
  const under = runs();
  if (!under?.isBusy) return end();
  line.say({ kind: 'waits', seconds: longestEnd });
  waits(true);
  let takeBack = (): void => undefined;
  const late = new Promise<'late'>((resolve) => (takeBack = after(longestEnd * 1000, () => resolve('late'))));
  const ended = await Promise.race([
    under.idle().then(() => 'idle' as const),
    line.gone.then(() => 'gone' as const),
    late,
  ]);
  takeBack();
  waits(false);
  if (ended === 'idle') return end();
  // The installer was closed meanwhile, or goes without.
  keep();
}
