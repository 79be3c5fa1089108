/** Reviews that were asked for at a console: each is opened in the window, and who asked hears what a person decided there. Nothing here carries anything out. */
import { ifRead } from '../core/machine/reading.js';
import { vmsCalled } from '../core/machine/called.js';
import type { Goal, RunId } from '../core/machine/goal.js';
import { lastChange } from '../core/run/recent.js';
import { hasUndo, type RunRecord } from '../core/run/record.js';
import type { AppEvent, AppState } from '../ipc/schema.js';
import type { AnswerLine } from './answer-line.js';
import type { Review } from './command-line.js';
import type { HandedAnswer } from './handed.js';
import { goalOf, notCalled } from './line-goal.js';

type Told = Pick<AppState, 'machine' | 'runs' | 'running'>;
type Refused = Extract<HandedAnswer, { readonly kind: 'refused' }>;

interface Open {
  readonly goal: Goal;
  readonly line: AnswerLine;
  /** Runs that were there before: none of them is the decision. */
  readonly before: ReadonlySet<RunId>;
  /** The run that was started from it. */
  run?: RunId;
  /** It was left while a change was being started, which may be its own. */
  isLeft?: boolean;
}

interface Options {
  readonly state: () => Told;
  readonly show: (event: AppEvent) => void;
}

export class Reviews {
  readonly #open = new Map<string, Open>();
  /** Changes that were confirmed in the window, of which it is not known yet whether they begin. */
  #starting = 0;

  constructor(private readonly options: Options) {}

  begin(id: string, review: Review, line: AnswerLine): void {
    const state = this.options.state();
    const goal = goalFor(review, state);
    if (goal.kind === 'refused') {
      line.say(goal);
      return line.close();
    }
    // One page shows one review: the one before is left by it.
    this.left();
    this.#open.set(id, { goal, line, before: new Set(state.runs.map(({ id: run }) => run)) });
    void line.gone.then(() => this.#open.delete(id));
    line.say({ kind: 'opened' });
    this.options.show({ kind: 'wizard', goal, review: id });
  }

  /** The page of a review, or of all, is left. What was started there goes on, and is waited for. */
  left(id?: string): void {
    for (const [one, open] of this.#open) {
      if (open.run !== undefined || (id !== undefined && id !== one)) continue;
      if (this.#starting > 0) open.isLeft = true;
      else this.#decided(one, 'closed', null);
    }
  }

  /** A change is being started: until it is known what became of it, a review that is left isn't closed. */
  async whileStarting<Result>(start: () => Promise<Result>): Promise<Result> {
    this.#starting++;
    try {
      return await start();
    } finally {
      this.#starting--;
      for (const [id, { isLeft }] of this.#open) if (isLeft) this.left(id);
    }
  }

  /** A run has begun or ended. */
  heard(record: RunRecord): void {
    const all = [...this.#open];
    const [id, open] = all.find(([, { run }]) => run === record.id) ?? all.find(([, one]) => mayBe(record, one)) ?? [];
    if (id === undefined || !open) return;
    if (open.run === undefined) {
      open.run = record.id;
      open.line.say({ kind: 'started', change: record.id });
    }
    if (record.outcome !== undefined) this.#decided(id, record.outcome === 'done' ? 'done' : 'failed', record.id);
  }

  #decided(id: string, outcome: 'done' | 'failed' | 'closed', change: RunId | null): void {
    const line = this.#open.get(id)?.line;
    this.#open.delete(id);
    line?.say({ kind: 'decided', outcome, change });
    line?.close();
  }
}

/** Whether a run is what a review has come to: of two the first, which was left for the other. */
const mayBe = (record: RunRecord, { run, before, goal }: Open): boolean =>
  run === undefined && !before.has(record.id) && isAbout(record.goal, goal);

/** Of the same VMs, whatever a person has chosen for them on the way, or the undo of the same run. */
function isAbout(goal: Goal, asked: Goal): boolean {
  if (goal.kind === 'undo' || asked.kind === 'undo')
    return goal.kind === 'undo' && asked.kind === 'undo' && goal.run === asked.run;
  if (goal.kind === 'create' || asked.kind === 'create') return false;
  const vms = new Set(goal.wants.map(({ vm }) => vm));
  return vms.size === asked.wants.length && asked.wants.every(({ vm }) => vms.has(vm));
}

const refused = (why: Refused['why'], word = ''): Refused => ({ kind: 'refused', why, word, vms: [] });

function goalFor(review: Review, { machine, runs, running }: Told): Goal | Refused {
  if (review.kind === 'undo') return undoFor(review.run, runs, running);
  return ifRead(machine?.vms, refused('unread'), (all): Goal | Refused => {
    const called = vmsCalled(all, review.vms);
    if (called.kind !== 'found') return { kind: 'refused', ...notCalled(called) };
    return goalOf(called.vms, review.want) ?? refused('unread');
  });
}

function undoFor(wanted: RunId | undefined, runs: readonly RunRecord[], running: readonly RunId[]): Goal | Refused {
  const run = wanted ?? lastChange(runs, new Set(running));
  if (run === undefined) return refused('nothing-to-undo');
  const record = runs.find(({ id }) => id === run);
  if (!record || !hasUndo(record)) return refused('no-change', run);
  return { kind: 'undo', run, consents: [] };
}
