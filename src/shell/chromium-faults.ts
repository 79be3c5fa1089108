/** What becomes of the window when a process of Chromium that draws it ends by itself. */
import type { Runs } from './runs.js';

/** What is said in the window afterwards. */
type ChromiumNotice = 'page-again' | 'without-gpu';
/** A person's answer, when the page has ended again. */
export type PageAnswer = 'again' | 'without-gpu' | 'close';

interface Options {
  /** This start is without graphics acceleration already. */
  readonly isPlain: boolean;
  readonly runs: () => Pick<Runs, 'isBusy' | 'idle'> | undefined;
  readonly reload: () => void;
  readonly close: () => void;
  readonly notice: (kind: ChromiumNotice) => void;
  readonly ask: () => Promise<PageAnswer>;
  /** Starts the app once more, without acceleration, and quits this one. */
  readonly restart: () => void;
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number;
}

/** Milliseconds: a page that ends twice within them is not tried again by itself. */
const SOON = 10 * 60_000;

export class ChromiumFaults {
  #endedAt = -Infinity;
  #isAsking = false;
  #isRestarting = false;

  constructor(private readonly options: Options) {}

  /** Once it comes back by itself; when it ends again a person says what to do, in a dialog that is not the page's. */
  async pageEnded(): Promise<void> {
    const { now, notice, reload, ask, close } = this.options;
    if (this.#isAsking) return;
    const isAgain = now() - this.#endedAt < SOON;
    this.#endedAt = now();
    if (!isAgain) {
      notice('page-again');
      return reload();
    }
    this.#isAsking = true;
    const answer = await ask().finally(() => (this.#isAsking = false));
    if (answer === 'close') return close();
    if (answer === 'without-gpu') await this.#withoutGpu();
    else reload();
  }

  /** `reason` as Electron says it. Where there is no graphics card the process ends in order: Chromium goes on without. */
  async gpuEnded(reason: string): Promise<void> {
    if (reason !== 'clean-exit' && reason !== 'abnormal-exit') await this.#withoutGpu();
  }

  /** Once, and not in the middle of a run: what is left of Chromium draws until then. */
  async #withoutGpu(): Promise<void> {
    const { isPlain, runs, restart } = this.options;
    if (isPlain || this.#isRestarting) return;
    this.#isRestarting = true;
    while (runs()?.isBusy) await runs()?.idle();
    restart();
  }
}
