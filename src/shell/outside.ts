/** What another start of the app asks of this one: to show itself, a place, a review, its end. */
import type { Notice } from '../ipc/notices.js';
import type { AppEvent, AppState } from '../ipc/schema.js';
import { accessOf } from '../core/machine/access.js';
import type { RunRecord } from '../core/run/record.js';
import { openLine } from './answer-line.js';
import { endFor } from './ending.js';
import { handedOf } from './handed.js';
import { placeOfLink } from './link-places.js';
import { Reviews } from './reviews.js';
import type { Runs } from './runs.js';
import type { WatchClock } from './watcher.js';

interface Options {
  readonly state: () => AppState;
  /** Every PC is open, so that its changes are known, or could not be opened. */
  readonly isOpen: () => boolean;
  /** undefined: no world is open yet. */
  readonly runs: () => Pick<Runs, 'isBusy' | 'idle'> | undefined;
  readonly show: (event?: AppEvent) => void;
  readonly say: (notice: Notice) => void;
  readonly unsay: (kind: Notice['kind']) => void;
  readonly quit: () => void;
  readonly after: WatchClock['after'];
  readonly failed: (what: string, error: unknown) => void;
  readonly open?: typeof openLine;
}

export class Outside {
  readonly #reviews: Reviews;
  /** What waits until it is known which VMs and changes there are. */
  #waiting: (() => void)[] = [];

  constructor(private readonly options: Options) {
    this.#reviews = new Reviews(options);
  }

  take(data: unknown): void {
    const { show, open = openLine, failed } = this.options;
    const handed = handedOf(data);
    switch (handed.kind) {
      case 'show':
        return show();
      case 'link':
        show();
        return this.#whenKnown(() => this.#follow(handed.text));
      case 'review': {
        const line = open(handed.answer);
        return this.#whenKnown(() => this.#reviews.begin(handed.answer, handed.review, line));
      }
      case 'end':
        return void endFor(open(handed.answer), {
          ...this.options,
          waits: (isWaiting) => this.#waits(isWaiting),
        }).catch((error: unknown) => failed('end', error));
    }
  }

  /** Something is known that was not. */
  look(): void {
    if (this.#waiting.length > 0 && this.#isKnown) for (const act of this.#waiting.splice(0)) act();
  }

  heard(record: RunRecord): void {
    this.#reviews.heard(record);
  }

  /** A review is left, or all are: the window was closed. */
  left(review?: string): void {
    this.#reviews.left(review);
  }

  whileStarting<Result>(start: () => Promise<Result>): Promise<Result> {
    return this.#reviews.whileStarting(start);
  }

  get #isKnown(): boolean {
    const { connection, machine } = this.options.state();
    return this.options.isOpen() && accessOf(connection, machine).kind !== 'starting';
  }

  #whenKnown(act: () => void): void {
    this.#waiting.push(act);
    this.look();
  }

  #follow(text: string): void {
    const { state, show, say, unsay } = this.options;
    const { event, notice } = placeOfLink(text, state());
    if (notice) say(notice);
    else unsay('link');
    show(event);
  }

  #waits(isWaiting: boolean): void {
    const { show, say, unsay } = this.options;
    if (!isWaiting) return unsay('installer-waits');
    say({ kind: 'installer-waits' });
    show();
  }
}
