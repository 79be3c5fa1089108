/**
 * Looks for a newer version where a person has said so, and installs it where they have said that too: never while a change is
 * carried out. Each wait ends, whatever the network does; what failed is tried again later, and said in Settings only.
 */
import type { UpdateCheckResult } from 'electron-updater';
import type { Installation } from '../ipc/schema.js';
import type { UpdateState, UpdateWish, Updating } from '../ipc/updates.js';
import type { Repository } from './repository.js';
import type { Updater } from './updater.js';
import type { WatchClock } from './watcher.js';

const MINUTE = 60_000;
/** Milliseconds. */
export const limits = {
  /** After the start, and from one look to the next: after one that failed sooner. */
  first: MINUTE,
  again: 24 * 60 * MINUTE,
  retry: 60 * MINUTE,
  /** A look; a download of which nothing comes any more; one as a whole. */
  look: MINUTE / 2,
  stall: MINUTE,
  fetch: 30 * MINUTE,
} as const;

interface Copy {
  readonly repository: Repository | null;
  /** Made to be published: beside it lies what electron-updater has to know. */
  readonly isReleased: boolean;
  readonly platform: NodeJS.Platform;
  readonly installation: Installation;
}

/** null: there is nowhere to look, or nothing that could be installed here. */
export function updatingOf({ repository, isReleased, platform, installation }: Copy): Updating | null {
  if (!repository || !isReleased || platform !== 'win32') return null;
  return { installs: installation === 'for-this-user', found: { kind: 'not-looked' } };
}

interface Options {
  /** A new one for each look: one that hangs is left behind with it. */
  readonly make: () => Promise<Updater>;
  readonly clock: Pick<WatchClock, 'after'>;
  readonly now: () => Date;
  readonly wish: () => UpdateWish;
  /** Whether this copy can install by itself. */
  readonly installs: boolean;
  /** A change is being carried out. */
  readonly isBusy: () => boolean;
  /** Somebody has the window open. */
  readonly isSeen: () => boolean;
  readonly changed: (state: UpdateState) => void;
  /** A newer version that a person is to be told of. */
  readonly newer: (version: string) => void;
  /** In order; then `left` is called. */
  readonly quit: () => void;
}

export class Updates {
  #state: UpdateState = { kind: 'not-looked' };
  /** The look that counts: another wish makes an older one count no more. */
  #look = {};
  #stop = (): void => undefined;
  #unschedule = (): void => undefined;
  #told: string | undefined;
  #ready: Updater | undefined;
  /** A person has asked for it: an open window does not keep it any more. */
  #isAsked = false;
  #isLeaving = false;

  constructor(private readonly options: Options) {}

  get state(): UpdateState {
    return this.#state;
  }

  start(): void {
    if (this.options.wish() !== 'never') this.#schedule(limits.first);
  }

  /** The wish is another one. */
  wished(): void {
    this.#unschedule();
    this.#isAsked = false;
    if (this.#ready) return this.rest();
    this.#look = {};
    this.#stop();
    this.#say({ kind: 'not-looked' });
    if (this.options.wish() !== 'never') void this.look();
  }

  async look(): Promise<void> {
    if (['looking', 'fetching', 'ready'].includes(this.#state.kind)) return;
    this.#unschedule();
    const mine = (this.#look = {});
    this.#say({ kind: 'looking' });
    const answer = await this.#within(limits.look, this.#ask());
    if (this.#look !== mine) return;
    this.#schedule(answer ? limits.again : limits.retry);
    if (!answer) return this.#fail('not-reached');
    const { updater, found } = answer;
    if (!found.isUpdateAvailable) return this.#say({ kind: 'current', at: this.#now() });
    if (this.options.wish() === 'install' && this.options.installs) return await this.#fetch(updater, found, mine);
    const { version } = found.updateInfo;
    this.#say({ kind: 'newer', version });
    if (this.#told !== version) this.options.newer(version);
    this.#told = version;
  }

  /** Asked for by a person: as soon as no change is carried out. */
  install(): void {
    this.#isAsked = this.#ready !== undefined;
    this.rest();
  }

  /** Something has ended: a change, or a look at the window. */
  rest(): void {
    const { isBusy, isSeen, wish, quit } = this.options;
    if (!this.#ready || this.#isLeaving || isBusy()) return;
    if (!this.#isAsked && (wish() !== 'install' || isSeen())) return;
    this.#isLeaving = true;
    quit();
  }

  /** Quitting was taken back, by a person: an end that comes later is theirs, and installs nothing by that. */
  stays(): void {
    if (this.#isLeaving) this.#isLeaving = this.#isAsked = false;
  }

  /** All is closed: the installer takes over, and starts the app again. */
  left(): void {
    if (this.#isLeaving) this.#ready?.quitAndInstall(true, true);
  }

  async #ask(): Promise<{ readonly updater: Updater; readonly found: UpdateCheckResult } | undefined> {
    const updater = await this.options.make();
    const found = await updater.checkForUpdates();
    return found ? { updater, found } : undefined;
  }

  async #fetch(updater: Updater, { updateInfo, cancellationToken }: UpdateCheckResult, mine: object): Promise<void> {
    const { version } = updateInfo;
    const { after } = this.options.clock;
    this.#say({ kind: 'fetching', version });
    let fault: unknown;
    const end = await new Promise<'fetched' | 'failed'>((resolve) => {
      const stop = (): void => {
        resolve('failed');
        cancellationToken?.cancel();
      };
      this.#stop = stop;
      const unlimited = after(limits.fetch, stop);
      let unstalled = after(limits.stall, stop);
      updater.on('download-progress', () => {
        unstalled();
        unstalled = after(limits.stall, stop);
      });
      updater
        .downloadUpdate(cancellationToken)
        .then(
          () => resolve('fetched'),
          (error: unknown) => {
            fault = error;
            resolve('failed');
          },
        )
        .finally(() => {
          unlimited();
          unstalled();
        });
    });
    this.#stop = () => undefined;
    if (this.#look !== mine) return;
    if (end === 'failed') return this.#fail(isDamaged(fault) ? 'damaged' : 'not-fetched');
    this.#unschedule();
    this.#ready = updater;
    this.#say({ kind: 'ready', version });
    this.rest();
  }

  /** undefined: it failed, or took too long. */
  #within<Answer>(milliseconds: number, work: Promise<Answer>): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      const inTime = this.options.clock.after(milliseconds, () => resolve(undefined));
      work.then(resolve, () => resolve(undefined)).finally(inTime);
    });
  }

  #schedule(milliseconds: number): void {
    this.#unschedule();
    this.#unschedule = this.options.clock.after(milliseconds, () => void this.look());
  }

  #fail(why: Extract<UpdateState, { kind: 'failed' }>['why']): void {
    this.#schedule(limits.retry);
    this.#say({ kind: 'failed', why, at: this.#now() });
  }

  #say(state: UpdateState): void {
    this.#state = state;
    this.options.changed(state);
  }

  #now(): string {
    return this.options.now().toISOString();
  }
}

const damages: ReadonlySet<unknown> = new Set(['ERR_CHECKSUM_MISMATCH', 'ERR_UPDATER_INVALID_SIGNATURE']);
const isDamaged = (error: unknown): boolean => error instanceof Error && 'code' in error && damages.has(error.code);
