/** A change from the tray: done at once where nothing stops and nothing has to be agreed to, else shown in the wizard. */
import type { VmRef } from '../core/cmdlets/ref.js';
import type { Goal, RunId } from '../core/machine/goal.js';
import { oneClick, type Planner } from '../core/change/one-click.js';
import type { Translator } from '../text/index.js';
import type { Runs } from './runs.js';
import type { Toast } from './toasts.js';

interface Options {
  readonly runs: () => Runs;
  readonly t: () => Translator;
  readonly review: (goal: Goal) => void;
  readonly say: (toast: Toast) => void;
}

export class QuickRuns {
  /** Runs of the tray: what came of them is said, since they were asked for where nothing else can say it. */
  readonly #asked = new Set<RunId>();

  constructor(private readonly options: Options) {}

  /** True once for a run that was started here. */
  wasAsked(run: RunId): boolean {
    return this.#asked.delete(run);
  }

  async apply(
    goal: Goal & { readonly kind: 'vms' },
    { vm, name }: { readonly vm: VmRef; readonly name: string },
  ): Promise<void> {
    const { runs, t, review, say } = this.options;
    const refused = (body: string): void =>
      say({
        title: t()('tray.refusedTitle', { name }),
        body,
        click: { kind: 'vm', vm },
      });
    const planner: Planner = {
      plan: (of) => runs().plan(of),
      start: (plan) => runs().start(plan, []),
    };
    const click = await oneClick(planner, goal);
    if (click.kind === 'started') this.#asked.add(click.run);
    else if (click.kind === 'review') review(goal);
    else if (click.kind === 'refused') refused(t().message(click.why));
  }
}
