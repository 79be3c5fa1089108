/** How the app ends: asked about while a run is under way, in order otherwise, and said when it was a fault of its own. */
import { app, dialog } from 'electron';
import type { Translator } from '../text/index.js';
import type { PageAnswer } from './chromium-faults.js';
import { Quitting, type QuitAnswer } from './quitting.js';
import type { OpenHosts } from './open-hosts.js';

interface Options {
  readonly hosts: OpenHosts;
  readonly t: () => Translator;
  readonly failed: (what: string, error: unknown) => void;
  /** The app quits when a run has ended, or no longer. */
  readonly waits: (isWaiting: boolean) => void;
  /** It does not quit now. */
  readonly stays: () => void;
}

/** Quitting closes the session first; in the middle of a run it asks. */
export function leaveInOrder({ hosts, t, failed, waits, stays }: Options): Quitting {
  const quitting = new Quitting({
    runs: () => hosts.runs,
    ask: (count) => askAboutRun(t(), count),
    close: () => hosts.close().catch((error: unknown) => failed('closing', error)),
    quit: () => app.quit(),
    exit: () => app.exit(0),
    waits,
    stays,
  });
  app.on('before-quit', (event) => {
    if (!quitting.request()) event.preventDefault();
  });
  // The system ends the app (Linux at sign-out): nobody is there to be asked.
  process.on('SIGTERM', () => void quitting.leaveSafely());
  return quitting;
}

const answers = ['stay', 'when-done', 'now'] as const satisfies readonly QuitAnswer[];

async function askAboutRun(t: Translator, count: number): Promise<QuitAnswer> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    title: t('app.name'),
    message: t('tray.quitTitle'),
    detail: t('tray.quitDetail', { count }),
    buttons: [t('tray.quitStay'), t('tray.quitWhenDone'), t('tray.quitNow')],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return answers[response] ?? 'stay';
}

const pageAnswers = ['again', 'without-gpu', 'close'] as const satisfies readonly PageAnswer[];

/** The page has ended twice: main itself says so, since nothing of the page can. */
export async function askAboutPage(t: Translator, isPlain: boolean): Promise<PageAnswer> {
  const left = pageAnswers.filter((answer) => !(isPlain && answer === 'without-gpu'));
  const words = { again: 'tray.pageAgain', 'without-gpu': 'tray.pagePlain', close: 'tray.pageClose' } as const;
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: t('app.name'),
    message: t('tray.pageTitle'),
    detail: t('tray.pageDetail'),
    buttons: left.map((answer) => t(words[answer])),
    defaultId: 0,
    cancelId: left.length - 1,
    noLink: true,
  });
  return left[response] ?? 'close';
}

/** A fault of ours is written down and said. The journal is on the disk already, up to the last step. */
export function sayFaults({ t, failed }: Pick<Options, 't' | 'failed'>): void {
  let isSaid = false;
  process.on('unhandledRejection', (reason) => failed('unhandled', reason));
  process.on('uncaughtException', (error) => {
    failed('uncaught', error);
    if (isSaid) return;
    isSaid = true;
    // Before it is ready Electron shows none.
    void app
      .whenReady()
      .then(() =>
        dialog.showMessageBox({
          type: 'error',
          title: t()('app.name'),
          message: t()('tray.crashTitle'),
          detail: t()('tray.crashDetail'),
          buttons: [t()('tray.crashRestart'), t()('tray.crashQuit')],
          defaultId: 0,
        }),
      )
      .then(({ response }) => {
        if (response === 0) app.relaunch();
        app.exit(1);
      });
  });
}
